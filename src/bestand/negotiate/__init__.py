"""Where a conflict can rest, why, how it gets there, and what would change that."""
