"""A small case whose worths are the numbers drawn, for tests of sweeps: what is stored can be reckoned by hand."""

from __future__ import annotations

from bestand.case.read import read_text

TEXT = """
bestand: 1
title: "Three numbers"
sources: {s: {title: "A report", sha256: "%s", reliability: {value: 0.5}}}
claims:
  sure: {source: s, quote: "q", gloss: "sure"}
  maybe: {source: s, quote: "q", gloss: "maybe", author_holds: possible}
parties:
  a: {name: "A", types: {soft: {value: 0.25, range: [0.1, 0.4]}, hard: 0.75}}
  b: {name: "B"}
levers:
  a.x: {is: "x", odds: {no: 0.75, yes: 0.25}, assumed: "t"}
  a.y: {is: "y", assumed: "t", needs: {yes: {that: "a.x", assumed: "t"}}}
  b.z: {is: "z", assumed: "t", one_way: up}
never: [{that: "a.y and b.z", assumed: "t"}]
wants:
  a:
    soft: [{that: "a.x", worth: {value: 1, range: [0, 3]}, assumed: "t"}, {that: "a.y", worth: 1, because: [maybe]}]
    hard: [{that: "a.y", worth: 2, supported_by: [maybe]}, {that: "b.z", worth: 1, because: [sure]}]
  b: [{that: "a.x", worth: {value: 2, range: [0, 4]}, because: [sure]}, {that: "b.z", worth: 1, assumed: "t"}]
""" % ("0" * 64)
LINEAR = """
bestand: 1
title: "Two numbers and a choice"
parties: {a: {name: "A"}}
levers: {a.x: {is: "x", assumed: "t"}, a.y: {is: "y", assumed: "t"}, a.z: {is: "z", assumed: "t"}}
wants:
  a:
    - {that: "a.x", worth: {value: 0.2, range: [0, 1]}, assumed: "t"}
    - {that: "a.y", worth: {value: 0.2, range: [0, 1]}, assumed: "t"}
    - {that: "a.z", worth: {value: 0.2, range: [0, 1]}, assumed: "t"}
"""
X, Y, Z = (f"wants.a[{k}].worth" for k in range(3))


def small():
    """The first case."""
    return read_text(TEXT)


def linear():
    """The second case."""
    return read_text(LINEAR)


def numbers(asked):
    """The three numbers of the second case in every draw: (3, n_draws)."""
    value = asked.worth.value[:, 0]
    return [value[:, asked.state({f"a.{lever}": "yes" if lever == one else "no" for lever in "xyz"})] for one in "xyz"]
