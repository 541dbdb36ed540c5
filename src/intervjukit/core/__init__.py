"""The rules of the field: standard library only."""
