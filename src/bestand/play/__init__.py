"""Looking ahead to a horizon: what everyone does next, and how long a condition holds then."""
