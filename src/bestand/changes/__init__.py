"""What differs between two versions of a case, told as it was made."""
