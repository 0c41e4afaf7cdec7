"""An interrupt while the command still loads: imported before all else of the package, so that it ends with a word at any moment of it.

Python would turn the interrupt into an exception, which ends in a traceback where nobody has been imported yet who could catch it, and
which compiled modules turn into errors of their own.
"""

import _signal as signal  # type: ignore[import-not-found]  # `signal` itself makes enumerations first, and an interrupt there ends in a traceback
import itertools
import os
import sys

__all__ = ["own_interrupts"]

CODE = 130


def _is_command() -> bool:
    """Whether this is the command `bestand`, or `python -m bestand`: no program that uses the library, and no process that helps one."""
    called, typed = sys.argv[0] if sys.argv else "", sys.orig_argv
    if called == "-m":
        return ("-m", "bestand") in itertools.pairwise(typed)
    return called in typed and os.path.splitext(os.path.basename(called))[0] == "bestand"  # helpers have the words of whom they help


def _end(*_: object) -> None:
    os.write(2, b"interrupted\n")
    os._exit(CODE)


def own_interrupts() -> None:
    """An interrupt is Python's own again."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


if _is_command() and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, _end)
