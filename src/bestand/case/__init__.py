"""What an analyst states: the case file, read, refused where it says what cannot be, changed and written."""
