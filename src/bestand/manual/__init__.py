"""The documentation inside the program: the pages of `docs/`, printed, looked through, or written as HTML."""
