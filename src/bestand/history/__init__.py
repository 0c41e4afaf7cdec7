"""How long past ceasefires lasted, and counts of violations; knows no case."""
