"""Who said what, and how surely: sources, claims, quotes found word for word; and records of past truces and of violations."""
