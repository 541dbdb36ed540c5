"""The local page: a face beside the command line, served on this machine only."""
