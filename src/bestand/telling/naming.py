"""Code names of a case in the reader's words: short names of levers and settings, conditions, and places in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bestand.case.conditions import Compared, Joined, Named, Node, Not, Truth
from bestand.case.lines import consent_parts, party_of, want_at
from bestand.case.translations import PLAIN_SETTINGS
from bestand.errors import CaseError
from bestand.show import LEFTWARD, spaced

if TYPE_CHECKING:
    from bestand.case.model import CaseFile
    from bestand.telling.telling import Telling

MOST_LETTERS = 80  # of a short name: what most cases call a lever or a setting stands whole, also inside a sentence
MOST_OF_A_PLACE = 120  # letters: a claim that is put to the test is a sentence
_LEFTWARD = re.compile(f"[{LEFTWARD}]")
OTHERWISE = {"=": "!=", "!=": "=", ">=": "<", "<=": ">", ">": "<=", "<": ">="}
_SIGNS = {"=": "is", "!=": "is_not", ">=": "least", "<=": "most", ">": "more", "<": "less"}


def cut(text: str, most: int = MOST_LETTERS) -> str:
    """The first clause of a text, and no more than fits.

    >>> cut("as before, with the hub at Rzeszów"), cut("it keeps what it annexed (four provinces)")
    ('as before', 'it keeps what it annexed')
    """
    first = re.split(r"(?<=\w{2})[,;:(]\s|\s\(", text, maxsplit=1)[0].strip()
    if len(first) <= most:
        return first
    return f"{first[:most].rsplit(' ', 1)[0]} …"


def cut_apart(text: str, others: Iterable[str]) -> str:
    """The first clause of a text; the whole of it where the first clause says no more than another text begins with.

    >>> cut_apart("two at night, phased in", ["none", "two at night at once"]), cut_apart("two at night, phased in", ["none"])
    ('two at night, phased in', 'two at night')
    """
    first = cut(text)
    if first == text:
        return text
    return text if any(other != text and other.startswith(first.removesuffix(" …")) for other in others) else first


def runs_left(text: str) -> bool:
    """Whether a text has letters that run from right to left.

    >>> runs_left("مصر"), runs_left("Egypt")
    (True, False)
    """
    return not text.isascii() and _LEFTWARD.search(text) is not None


def called_alike(file: CaseFile) -> frozenset[str]:
    """Levers whose words several parties have one of: a reader is told whose each is."""
    own = {name: str(lever.label) for name, lever in file.levers.items() if lever.label and not consent_parts(name)[0]}
    parties: dict[str, set[str]] = {}
    for name, label in own.items():
        parties.setdefault(label, set()).add(party_of(name))
    return frozenset(name for name, label in own.items() if len(parties[label]) > 1)


def events_left_out(telling: Telling) -> list[str]:
    """Events that can happen in the view, and that no resting state or way there reckons with; each once, in words.

    One whose rate has several conditions is several chances of the graph, and one event.
    """
    return list(dict.fromkeys(telling.called("events", each.name) for each in telling.graph.chances if each.source.size))


def lever_words(name: str, telling: Telling, *, brief: bool = False) -> str:
    """What a lever is called, whole or by its first clause; with its party where another one's is called the same."""
    label = telling.label(telling.case.file.levers[name])
    own = (telling.label(lever) for other, lever in telling.case.file.levers.items() if party_of(other) == party_of(name))
    words = telling.apart((cut_apart(label, own) or spaced(name.rpartition(".")[2])) if brief else label)
    return telling.owned(party_of(name), words) if name in telling.alike else words


def setting_words(name: str, setting: str, telling: Telling, *, entered: bool = False, brief: bool = False) -> str:
    """A lever at a setting: by the sentence that the case has for it, else by what lever and setting are called.

    `entered` tells of moving to it rather than of being there; `brief` keeps to the first clauses, for tables and pictures.
    """
    stated = telling.case.file.levers[name]
    if setting in stated.told:
        sentence = telling.said(stated.told[setting])
        return telling.apart(cut_apart(sentence, map(telling.said, stated.told.values())) if brief else sentence)
    label = telling.short_lever(name) if brief else telling.long_lever(name)
    if stated.settings in PLAIN_SETTINGS:
        answer = "yes" if setting == stated.settings[1] else "no"
        return telling.say(f"{answer}_setting" if entered else f"now_{answer}", label=label)
    meaning = telling.said(stated.meaning[setting]) if setting in stated.meaning else telling.value(setting)
    return telling.say("some_setting" if entered else "now_some", label=label, setting=telling.value_of(name, setting) if brief else meaning)


def posture_words(name: str, telling: Telling) -> str:
    """A posture by its label, or by what it sets where it is made of guards, hub and backstop (`lever=setting, …`)."""
    about, levers = telling.case.file.deterrence, telling.case.file.levers
    stated = about.postures.get(name) if about else None
    if stated is not None:
        return telling.label(stated) or spaced(name)
    chosen = [each.partition("=") for each in name.split(", ") if each]
    if all(lever in levers for lever, _, _ in chosen):
        return "; ".join(telling.short(lever, setting) for lever, _, setting in chosen) or telling.say("same_as_today")
    return spaced(name)


def unticked(text: str, telling: Telling) -> str:
    """Words of a case in which names stand between backticks, with what each is called between quotation marks."""
    file = telling.case.file

    def called(match: re.Match[str]) -> str:
        name = match[1].strip()
        kinds = (file.views, file.terms, file.levers, file.events, file.parties)
        part = next((kind[name] for kind in kinds if name in kind), None)
        label = telling.say.said(getattr(part, "label", "") or getattr(part, "name", "")).replace("`", "")
        return f"“{label or spaced(name)}”"

    return re.sub(r"`([^`\n]+)`", called, text)


def event_words(name: str, label: str, telling: Telling) -> str:
    """An event by its label; where others that bring about something else have the same one, or its own lever has, with what it brings about."""
    events, levers = telling.case.file.events, telling.case.file.levers
    if name not in events:
        return label
    own = str(events[name].label)
    alike = {tuple(each.sets.items()) for each in events.values() if str(each.label) == own}
    if len(alike) < 2 and own not in {str(levers[lever].label) for lever in events[name].sets if lever in levers}:
        return label
    sets = {lever: setting for lever, setting in events[name].sets.items() if lever in levers}
    whole = "; ".join(telling.setting(lever, setting) for lever, setting in sets.items())
    return whole if whole.startswith(label) else f"{label} ({'; '.join(telling.short(lever, setting) for lever, setting in sets.items())})"


def condition_words(text: str | Node, telling: Telling) -> str:
    """A condition in words; as it stands where it cannot be read."""
    try:
        node = telling.case.condition(text) if isinstance(text, str) else text
    except CaseError:
        return spaced(str(text))
    return _words(node, telling, outer=True)


def _words(node: Node, telling: Telling, *, outer: bool = False) -> str:
    match node:
        case Truth(value):
            return telling.say("cond_always" if value else "cond_never")
        case Named(name):
            return _named(name, telling, holds=True)
        case Compared(lever, sign, setting):
            return _compared(lever, sign, setting, telling)
        case Not(Named(name)):
            return _named(name, telling, holds=False)
        case Not(Compared(lever, sign, setting)):
            return _compared(lever, OTHERWISE[sign], setting, telling)
        case Not(part):
            return telling.say("cond_not", part=_words(part, telling))
        case Joined(word, parts):
            told = _joined(word, [_words(part, telling) for part in parts], telling)
            return told if outer else f"({told})"


def _joined(word: str, parts: list[str], telling: Telling) -> str:
    if word in ("implies", "iff"):
        told = parts[-1]
        for part in reversed(parts[:-1]):
            told = telling.say(f"cond_{word}", here=part, there=told)
        return told
    return f" {telling.say(word)} ".join(parts)


def _state_words(name: str, telling: Telling) -> str:
    """A state of a listed graph by its name, with what it is; any other name as it stands."""
    states = telling.case.file.states
    return telling.state(list(states).index(name)) if name in states and telling.case.file.graph is not None else spaced(name)


def _named(name: str, telling: Telling, *, holds: bool) -> str:
    lever = telling.case.file.levers.get(name)
    if lever is None:
        term = telling.term(name) if name in telling.case.terms else _state_words(name, telling)
        return term if holds else telling.say("cond_term_not", term=term)
    if tuple(lever.settings) in PLAIN_SETTINGS:
        return telling.short(name, lever.settings[1 if holds else 0])
    if holds:
        return telling.say("cond_is_not", lever=telling.short_lever(name), setting=telling.value_of(name, lever.settings[0]))
    return telling.short(name, lever.settings[0])


def _compared(name: str, sign: str, setting: str, telling: Telling) -> str:
    lever = telling.case.file.levers.get(name)
    if lever is None or setting not in lever.settings:
        return f"{spaced(name)} {sign} {spaced(setting)}"
    plain = tuple(lever.settings) in PLAIN_SETTINGS
    if sign == "=":
        return telling.short(name, setting)
    if plain and sign == "!=":
        return telling.short(name, lever.settings[1 - lever.settings.index(setting)])
    return telling.say(f"cond_{_SIGNS[sign]}", lever=telling.short_lever(name), setting=telling.value_of(name, setting))


def place_words(at: str, telling: Telling) -> str:
    """A place in the case file in words, such as `wants.ru.hawks[2]`: whose line it is, and which; or a name that stands by itself."""
    file = telling.case.file
    if at in file.levers:
        return telling.short_lever(at)
    for kind in ("parties", "terms", "events", "zones", "areas", "talks", "incidents", "hypotheses"):
        if at in getattr(file, kind):
            return _part_place(kind, at, telling)
    section, _, rest = at.partition(".")
    section, number = re.sub(r"\[\d+\]", "", section), re.search(r"\[(\d+)\]", section)
    if section == "levers":
        return _lever_place(rest, telling)
    if section == "wants":
        return _want_place(at, telling)
    if section == "never" and number:
        label = telling.label(file.never[int(number[1])]) if int(number[1]) < len(file.never) else ""
        return telling.say("line_ban", what=label) if label else telling.say("place_never", n=int(number[1]) + 1)
    if rest and section in ("parties", "terms", "events", "talks", "incidents", "zones", "areas", "hypotheses", "claims", "sources"):
        return _part_place(section, rest, telling)
    if section == "observations" and number and int(number[1]) < len(file.observations):
        seen = file.observations[int(number[1])]
        what = telling.label(seen) or telling.short_lever(seen.lever)
        return telling.say("place_observation", what=cut(what, MOST_OF_A_PLACE))
    named = re.match(r"(tempo|noise)\.(\w+)$", rest)
    if section == "play" and named:
        return telling.say("place_tempo" if named[1] == "tempo" else "place_noise", party=telling.party(named[2]))
    known = f"place_{section}"
    return telling.say(known) if known in telling.say.phrases else spaced(section)


def _lever_place(rest: str, telling: Telling) -> str:
    name = max((lever for lever in telling.case.file.levers if rest == lever or rest.startswith((f"{lever}.", f"{lever}["))), key=len, default="")
    if not name:
        return telling.say("lever")
    label = telling.short_lever(name)
    return telling.say("place_guard", lever=label) if ".needs" in rest.removeprefix(name) else label


def _want_place(at: str, telling: Telling) -> str:
    place = want_at(at)
    if place is None:
        return telling.say("place_wants")
    party, kind, n = place
    whose = telling.party(party)
    if kind:
        whose = f"{whose} ({telling.type_of(party, kind)})"
    if n is None:
        return telling.say("place_all_wants", party=whose)
    stated = telling.case.wants(party).get(kind, ()) if party in telling.case.file.parties else ()
    label = telling.label(stated[n]) if n < len(stated) else ""
    return telling.say("place_want_called" if label else "place_want", party=whose, n=n + 1, what=cut(label, MOST_OF_A_PLACE))


def _part_place(section: str, rest: str, telling: Telling) -> str:
    name = re.split(r"[.\[]", rest)[0]
    if section == "claims":
        return name
    if section == "parties":
        kind = re.search(r"\.types\.(\w+)", rest)
        return f"{telling.party(name)}: {telling.type_of(name, kind[1])}" if kind else telling.party(name)
    if section == "terms":
        return telling.term(name)
    if section == "events":
        return cut(telling.called("events", name), MOST_OF_A_PLACE)
    part = (getattr(telling.case.file, section, {}) or {}).get(name)
    words = [str(telling.said(text)) for key in ("label", "name", "claim", "title") if (text := getattr(part, key, ""))]
    return cut(words[0], MOST_OF_A_PLACE) if words else spaced(name)


def finding_words(saying: str, parts: Mapping[str, str | int], telling: Telling) -> dict[str, str | int]:
    """What stands in the sentence of a finding, with names of the case in words."""
    told: dict[str, str | int] = {}
    for name, part in parts.items():
        told[name] = _finding_part(name, part, telling) if isinstance(part, str) else part
    return told


def _finding_part(name: str, part: str, telling: Telling) -> str:
    if name == "at":
        return place_words(part, telling)
    if name == "lever":
        return telling.short_lever(part) if part in telling.case.file.levers else spaced(part)
    if name in ("that", "first", "second", "status"):
        return condition_words(part, telling)
    if name in ("event", "view"):
        return telling.called("events" if name == "event" else "views", part)
    if name in ("clock", "other") and part in (telling.case.written or telling.case.file).clocks:
        written = telling.case.written or telling.case.file
        return telling.label(written.clocks.get(part)) or spaced(part)
    if name == "kind":
        return spaced(part.rpartition("/")[2].replace("-", " "))
    if name == "basis" and f"basis_{part}" in telling.say.phrases:
        return telling.say(f"basis_{part}")
    return telling.party(part) if part in telling.case.file.parties else spaced(part)
