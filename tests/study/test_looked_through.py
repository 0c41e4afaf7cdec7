"""What a study looks through of what its own engines ask: little, since that costs more than most answers that are kept."""

import sys
from collections import Counter

from bestand.arguments import checked
from bestand.case.read import read
from bestand.study.stages import study


def test_what_engines_ask_of_a_conflict_in_loops_is_not_looked_through_each_time():
    looked_through, asked = checked(study).__code__, Counter()

    def see(frame, event, _):
        if event == "call" and frame.f_code is looked_through:
            asked[frame.f_locals["public"].__qualname__] += 1

    small = read("example/en")
    sys.setprofile(see)
    try:
        study(small, quick=True)
    finally:
        sys.setprofile(None)
    assert asked["Conflict.draw"], "what is asked now and then is"
    assert {name: times for name, times in asked.items() if times > 100 and not name.startswith("Case.")} == {}
