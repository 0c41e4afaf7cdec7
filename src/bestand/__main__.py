"""`python -m bestand`, and what the command `bestand` begins with: an interrupt is answered also while the program is still loading."""

import os
import sys

__all__ = ["begin"]


def begin() -> None:
    """Loads the commands and does the one that was asked for; ends with the shell's 130 where somebody interrupts that."""
    try:
        from bestand.collecting import OF_A_COMMAND, collect_seldom

        collect_seldom(OF_A_COMMAND)
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # nobody's of the environment look on, and none are looked for
        from bestand.cli import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    begin()
