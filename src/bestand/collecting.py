"""How often Python looks for objects that only point at each other: seldom, since a case has tens of thousands that all stay."""

from __future__ import annotations

import atexit
import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50  # objects more than were freed; then every so many rounds (Python: 700, 10, 10)
OF_A_COMMAND = 1_000_000  # the same where all of it ends soon


def collect_seldom(young: int = YOUNG) -> None:
    """What is loaded by now is never looked through again, and what comes is looked through less often: an edit in the workbench takes
    a third less, a command a tenth. Nothing is looked through when the program ends, since all of it goes: a twentieth of a quick page.
    """
    atexit.register(gc.freeze)
    gc.collect()
    gc.freeze()
    gc.set_threshold(young, MIDDLE, OLD)
