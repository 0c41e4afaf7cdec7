"""Played for ever: stationary equilibria with a certificate, or a refusal."""
