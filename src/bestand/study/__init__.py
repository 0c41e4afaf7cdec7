"""Everything about one case: the only place that combines engines."""
