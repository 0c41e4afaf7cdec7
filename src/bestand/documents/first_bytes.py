"""What files of other programs begin with, where more than one reader has to know them."""

from __future__ import annotations

COMPOUND = b"\xd0\xcf\x11\xe0"  # Word and Excel before 2007, and anything of Office with a password
PDF = b"%PDF-"
RICH_TEXT = b"{\\rtf"
