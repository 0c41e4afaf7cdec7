"""`python -m bestand`."""

from bestand.cli import main

main()
