"""Lines."""
from __future__ import annotations
def lines(*a): 
    """L."""
    return []
