"""Whether a truce holds: zones, guarantee forces, a backstop that leaves, strategies."""
