"""States, moves and worths of one view of a case, drawn once; `conflict.py` makes them ready to be asked."""
