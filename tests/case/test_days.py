"""Days, weeks, times and stretches of time as people write them: what cannot be is found, what can be is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bestand
from bestand.case.days import impossible

IMPOSSIBLE = [
    "2025-02-29", "2025-13", "20250230", "2025-366", "2025.02.30", "29.02.2025", "31 April 2025", "30 februari 2025", "31 avril", "Feb 30 2025",
    "2025-W54", "2025-W14-9", "Q5 2025", "2025-04-01T24:30", "2025-04-01 12:61", "2025-04-01T10:00+25:00", "1–31 April 2025", "5-3 May 2025",
    "30-FEB-2025", "30/Feb/2025", "Feb/30/2025", "2025-Feb-30", "30Feb2025", "2025 February 29", "2025‑02‑30", "2025–02–30", "２０２５-０２-３０",
    "2025-02-\u200b30", "2025年2月30日", "2025년 13월", "H3 2025", "2025-H0", "2025-Q5", "March 2025 to February 2025", "maart 2025 - februari 2025",
    "Q3 2025 - Q1 2025", "2025-H2/2025-H1", "12 May - 3 May 2025", "May 31 to May 3, 2025", "31 mei t/m 3 mei", "between 5 May 2025 and 2 May 2025",
    "tussen 5 mei 2025 en 2 mei 2025", "2025-05-01/2025-04-01", "2025-05-01..2025-04-01", "5.4.2025-3.4.2025", "1 May 2025 tot en met 30 April 2025", "2025–2022",
    "-0044-03-15", "44 BC", "0000-01-01", "10000-01-01", "٢٠٢٥-١٣-٤٥",
]
POSSIBLE = [
    "2024-02-29", "2024-366", "29 februari 2024", "29 February", "2025-W14", "2025-W01-1", "Q2 2025", "2025-04-01T24:00", "2025-04-01T10:00Z",
    "2025-04-01/2025-05-01", "3.4.2025-5.4.2025", "2025-04-01, 2025-03-01", "Dec 2024-Jan 2025", "1975-76", "2022–2025", "1918", "24/7",
    "1 May 2025 and 30 April 2025", "2 mei 2025 en 30 april 2025", "28 December - 3 January 2025", "28 Dec 2024 to Jan 3, 2025", "3 March 2025 to 5 March 2025",
    "2025年2月28日", "2020-W53", "Q3 2024 - Q1 2025", "2024-H2", "H1 2025", "13 may have died", "31 marines", "29 February", "S/RES/2202 (2015)", "May 5, May 3",
    "4/25/2025", "25/4/2025", "20250401", "spring 2025", "night of 3-4 April 2025", "10:30 on 3 May 2025", "١/٤/٢٠٢٥", "",
]


@pytest.mark.parametrize("written", IMPOSSIBLE)
def test_a_day_week_time_or_stretch_that_cannot_be_is_found_wherever_a_date_may_stand(written):
    assert impossible(written)
    file = bestand.read_text(
        f"bestand: 1\ntitle: T\nas_of: '{written}'\nparties: {{a: {{name: A}}, b: {{name: B}}}}\n"
        f"sources: {{s: {{title: S, sha256: '{'0' * 64}', date: '{written}'}}}}\n"
        f"claims: {{c: {{source: s, quote: q, gloss: g, accepted_on: '{written}'}}}}\n"
        f"talks: {{t: {{is: t, between: [a, b], date: '{written}', assumed: x}}}}\n"
        f"incidents: {{i: {{is: i, date: {{en: spring, nl: '{written}'}}, assumed: x}}}}\n"
    )
    assert sum(found.code == "check/impossible-date" for found in bestand.check(file).findings) == 5


@pytest.mark.parametrize("written", POSSIBLE)
def test_a_date_that_can_be_is_left_alone(written):
    assert not impossible(written)


@given(first=st.dates(date(1000, 1, 1), date(2900, 1, 1)), later=st.integers(1, 5_000), way=st.sampled_from(["{:%Y-%m-%d}", "{:%Y%m%d}", "{:%G-W%V-%u}", "{:%d %B %Y}", "{:%d.%m.%Y}", "{:%d/%m/%Y}", "{:%Y-%j}"]))
def test_a_real_day_is_possible_in_every_writing_and_two_only_in_their_order(first, later, way):
    last = date.fromordinal(first.toordinal() + later)
    one, other = way.format(first), way.format(last)
    assert not impossible(one) and not impossible(f"{one} to {other}")
    assert impossible(f"{other} to {one}")


@pytest.mark.parametrize(("old", "new", "says"), [("on: '2025-05-01'", "on: 2025-W14", "'2025-W14' is no day"), ("0" * 64, "0" * 63, "is no sha256")])
def test_what_has_a_form_is_refused_in_words_and_not_by_its_pattern(old, new, says):
    text = (
        "bestand: 1\ntitle: T\nas_of: 2025-04-01\nparties: {a: {name: A}}\nlevers: {a.x: {is: x, assumed: x}}\n"
        f"sources: {{s: {{title: S, sha256: '{'0' * 64}'}}}}\nobservations: [{{on: '2025-05-01', lever: a.x, took: 'yes', assumed: x}}]\n"
    )
    with pytest.raises(bestand.BestandError, match=says) as refused:
        bestand.read_text(text.replace(old, new))
    assert "pattern" not in str(refused.value)
