"""Swedish language work: sentences, word keys, cues and suggestions."""
