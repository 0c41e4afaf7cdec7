"""What if we are wrong, everywhere at once: sweeps over all that a case leaves open, and what they say. Knows no engine."""
