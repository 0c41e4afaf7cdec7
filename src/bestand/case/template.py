"""A commented case to start from."""

from __future__ import annotations

import json
from typing import Literal

from bestand.case.yaml import load

TO_BE_REPLACED = ("to be replaced by a claim", "te vervangen door een bewering")  # what a new line says it is assumed for, here and in the workbench
_START = {
    "en": """bestand: 1
title: {title}
as_of: "2025-01-01"                 # the day on which the case describes the world
language: en
sizes: drawn                        # only the order of wants is given: sizes are drawn from all that agree with it; or give each a worth

# sources:                          # documents, pinned by the sha256 of their bytes (sha256sum FILE)
#   report: {{title: …, author: …, date: …, sha256: …, file: report.txt}}
# claims:                           # what one passage says, who says it, how surely
#   c1: {{source: report, quote: "an exact phrase", says: author, author_holds: certain, gloss: what it says}}

parties:
  a: {{name: Party A}}
  b: {{name: Party B}}

levers:                             # party.name: what one party controls; settings are no/yes if not named
  a.stops: {{is: A stops, now: no, assumed: to be replaced by a claim}}
  b.stops: {{is: B stops, now: no, assumed: to be replaced by a claim}}
  b.pays:
    is: B pays A
    now: no
    needs: {{yes: truce}}             # a guard: it may be *entered* only where this holds
    assumed: to be replaced by a claim

terms:                              # named conditions
  truce: a.stops and b.stops

wants:                              # most important first
  a:
    - {{that: b.stops, is: B stops, assumed: to be replaced by a claim}}
    - {{that: b.pays, is: to be paid, assumed: to be replaced by a claim}}
    - {{that: not a.stops, is: to keep its hands free, assumed: to be replaced by a claim}}
  b:
    - {{that: a.stops, is: A stops, assumed: to be replaced by a claim}}
    - {{that: not b.pays, is: not to pay, assumed: to be replaced by a claim}}
    - {{that: not b.stops, is: to keep its hands free, assumed: to be replaced by a claim}}

hypotheses:                         # causal claims of the sources: tested, never assumed
  h1:
    claim: a truce is within reach
    assumed: to be replaced by a claim
    test: {{ask: reached, that: truce, expect: yes}}

unsaid:                             # what the sources do not say
  - {{what: how the parties rank what they want, instead: an order was assumed}}
""",
    "nl": """bestand: 1
title: {title}
as_of: "2025-01-01"                 # de dag waarop het bestand de wereld beschrijft
language: nl
sizes: drawn                        # van wensen is alleen de volgorde gegeven: groottes die daarbij passen worden getrokken; of geef elk een worth

# sources:                          # documenten, vastgelegd met de sha256 van hun bytes (sha256sum BESTAND)
#   verslag: {{title: …, author: …, date: …, sha256: …, file: verslag.txt}}
# claims:                           # wat één passage zegt, wie het zegt, hoe zeker
#   c1: {{source: verslag, quote: "een letterlijke zinsnede", says: author, author_holds: certain, gloss: wat er staat}}

parties:
  a: {{name: Partij A}}
  b: {{name: Partij B}}

levers:                             # partij.naam: wat één partij in de hand heeft; standen zijn no/yes tenzij benoemd
  a.stops: {{is: A stopt, now: no, assumed: te vervangen door een bewering}}
  b.stops: {{is: B stopt, now: no, assumed: te vervangen door een bewering}}
  b.pays:
    is: B betaalt A
    now: no
    needs: {{yes: truce}}             # een voorwaarde: alleen *in te gaan* waar dit geldt
    assumed: te vervangen door een bewering

terms:                              # benoemde voorwaarden
  truce: a.stops and b.stops

wants:                              # het belangrijkste eerst
  a:
    - {{that: b.stops, is: dat B stopt, assumed: te vervangen door een bewering}}
    - {{that: b.pays, is: betaald worden, assumed: te vervangen door een bewering}}
    - {{that: not a.stops, is: de handen vrij houden, assumed: te vervangen door een bewering}}
  b:
    - {{that: a.stops, is: dat A stopt, assumed: te vervangen door een bewering}}
    - {{that: not b.pays, is: niet betalen, assumed: te vervangen door een bewering}}
    - {{that: not b.stops, is: de handen vrij houden, assumed: te vervangen door een bewering}}

hypotheses:                         # oorzakelijke beweringen uit de bronnen: getoetst, nooit aangenomen
  h1:
    claim: een wapenstilstand ligt binnen bereik
    assumed: te vervangen door een bewering
    test: {{ask: reached, that: truce, expect: yes}}

unsaid:                             # wat de bronnen niet zeggen
  - {{what: hoe de partijen hun wensen rangschikken, instead: een volgorde is aangenomen}}
""",
}


def new(title: str, *, language: Literal["en", "nl"] = "en") -> str:
    """The text of a commented case that reads as it stands; `check` says that its lines are still to be replaced.

    Raises
    ------
    CaseError
        `case/control-character`, `case/too-large`: a title that no case can have.
    """
    text = _START[language].format(title=json.dumps(title, ensure_ascii=False))
    load(text)
    return text
