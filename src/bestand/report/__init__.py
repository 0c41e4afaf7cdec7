"""The page that an analyst sends to a colleague, and the brief."""
