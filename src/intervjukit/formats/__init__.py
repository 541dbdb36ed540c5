"""Files in and out: guides, code books, transcripts and decisions."""
