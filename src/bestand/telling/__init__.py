"""States, moves and verdicts in words: one message table per language, the case's own nouns."""
