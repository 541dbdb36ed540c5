"""Tables and charts over codings: pandas and matplotlib."""
