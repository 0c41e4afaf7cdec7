"""Negotiations of GENIUS (a domain and linear additive profiles, XML) as cases: issues become levers that nobody moves alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bestand.case.options import dumped
from bestand.errors import CaseError, Place, Problem
from bestand.evidence.sheet import cell_number, number_hint
from bestand.exchange.markup import Element, element_of
from bestand.exchange.names import clean, slugs
from bestand.exchange.notes import Carried, carried_over, noted, unsaid

MOST_ISSUES = 60  # of a negotiation
MOST_ITEMS = 255  # values of one issue
MOST_PROFILES = 32  # of a negotiation
LEAST = 1e-12  # utilities below this are written as 0
TABLE = "table"
_KNOWN = {"objective", "issue", "item", "weight", "reservation", "discount_factor", "utility_space"}
_ONCE = {"weight", "reservation", "discount_factor"}


@dataclass(frozen=True, slots=True)
class GeniusIssue:
    """One issue: its name and its values, each with an evaluation (None in a domain)."""

    name: str
    items: tuple[str, ...]
    evaluations: tuple[float, ...] | None
    line: int


@dataclass(frozen=True, slots=True)
class GeniusProfile:
    """What one party thinks of agreements: per issue its weight; worth of no agreement, discount factor."""

    file: str
    party: str
    issues: tuple[GeniusIssue, ...]
    weights: tuple[float, ...]
    reservation: float | None
    discount: float | None
    n_grouped: int = 0  # weights of groups of issues
    unknown: Mapping[str, int] = field(default_factory=dict)  # elements that the format does not have, and how many of each

    def utility(self, issue: int, item: int) -> float:
        """What one value of one issue adds: weight times evaluation in parts of the largest of the issue."""
        evaluations = self.issues[issue].evaluations or ()
        largest = max(evaluations, default=0.0)
        return self.weights[issue] * evaluations[item] / largest if largest > 0 else 0.0


def from_genius(files: Mapping[str, bytes]) -> Carried:
    """A case of a negotiation: a domain (which may be left out) and a profile per party, by file name.

    The issues are levers of the table, which nobody moves alone: what could be agreed is asked with `agreements`,
    `frontier` and `settle`. A state is worth to a party what the additive utility says: the sum over issues of weight times
    evaluation, in parts of the largest evaluation of the issue (GENIUS 9, EvaluatorDiscrete). Without agreement each has its
    reservation value.

    Raises
    ------
    CaseError
        `import/not-xml`, `import/entities`, `import/too-large`, `import/malformed`, `import/bad-number`, `import/not-kept`.
    """
    domains, profiles, problems = list[tuple[str, tuple[GeniusIssue, ...]]](), list[GeniusProfile](), list[Problem]()
    for name, content in files.items():
        root = element_of(content, name)
        issues = _issues(root, name, problems)
        if next(root.all("weight"), None) is None:
            domains.append((name, issues))
        else:
            profiles.append(_profile(root, issues, name, problems))
    if not profiles and not problems:
        what = "no file is a profile: none has weights"
        problems.append(Problem("import/malformed", what, Place(", ".join(files)), "give the profiles of the parties too"))
    if len(profiles) > MOST_PROFILES:
        problems.append(Problem("import/too-large", f"more than {MOST_PROFILES} profiles", Place(profiles[0].file), "is it one negotiation?"))
    if not problems:
        problems += _other_issues(domains, profiles)
    if problems:
        raise CaseError(problems)
    return _case(profiles)


def _issues(root: Element, file: str, problems: list[Problem]) -> tuple[GeniusIssue, ...]:
    issues: list[GeniusIssue] = []
    for issue in root.all("issue"):
        kind = issue.attributes.get("vtype") or issue.attributes.get("etype") or issue.attributes.get("type") or "discrete"
        name = clean(issue.attributes.get("name", "")) or f"issue {len(issues) + 1}"
        place = Place(file, issue.line, at=f"issue {name}")
        if kind != "discrete":
            what = f"issue '{name}' is {clean(kind)}: a lever has a number of settings that can be listed"
            problems.append(Problem("import/not-kept", what, place, "give its values one by one, as a discrete issue"))
            continue
        issues.append(_issue(issue, name, place, problems))
    for name, n in Counter(issue.name for issue in issues).items():
        if n > 1:
            problems.append(Problem("import/malformed", f"{n} issues are called '{name}'", Place(file), "give each a name of its own"))
    if not 1 <= len(issues) <= MOST_ISSUES and not problems:
        problems.append(Problem("import/malformed", f"{len(issues)} issues", Place(file), f"a negotiation has from 1 to {MOST_ISSUES}"))
    for element in ("hyperRectangle", "INCLUDES", "constraint"):
        if next(root.all(element), None) is not None:
            what = f"utilities with '{element}' are not additive"
            problems.append(Problem("import/not-kept", what, Place(file), "linear additive profiles are read"))
    return tuple(issues)


def _issue(issue: Element, name: str, place: Place, problems: list[Problem]) -> GeniusIssue:
    items = list(issue.all("item"))
    values = tuple(clean(item.attributes.get("value", "")) for item in items)
    if not 2 <= len(values) <= MOST_ITEMS or len(set(values)) < len(values) or "" in values:
        hint = f"from 2 to {MOST_ITEMS}, each with a name of its own"
        problems.append(Problem("import/malformed", f"issue '{name}' has {len(values)} values", place, hint))
    given = [item.attributes.get("evaluation") for item in items]
    if all(each is None for each in given):
        return GeniusIssue(name, values, None, place.line or 0)
    numbers = [_number(each, Place(place.file, item.line, at=f"{place.at}, {clean(item.attributes.get('value', ''))}"), problems)
               for each, item in zip(given, items, strict=True)]  # fmt: skip
    if any(number < 0 for number in numbers):
        problems.append(Problem("import/bad-number", f"issue '{name}' has an evaluation below 0", place, "evaluations are 0 or more"))
    return GeniusIssue(name, values, tuple(numbers), place.line or 0)


def _number(text: str | None, place: Place, problems: list[Problem]) -> float:
    value = cell_number(text or "")
    if value is None or not math.isfinite(value) or abs(value) > 1e9:
        what = f"'{clean(text)[:40]}' is no number" if text is not None else "a number is missing here"
        problems.append(Problem("import/bad-number", what, place, number_hint(text or "", "a number with a decimal point, at most 1e9")))
        return 0.0
    return value


def _profile(root: Element, issues: tuple[GeniusIssue, ...], file: str, problems: list[Problem]) -> GeniusProfile:
    indices = [element.attributes.get("index", "") for element in root.all("issue")]
    weights = {
        each.attributes.get("index", ""): _number(each.attributes.get("value"), Place(file, each.line, at="weight"), problems)
        for each in root.all("weight")
    }
    twice = next((index for k, index in enumerate(indices) if index in indices[:k]), None)
    if twice is not None:
        problems.append(Problem("import/malformed", f"two issues have the index '{clean(twice)[:40]}'", Place(file), "give each an index of its own"))
    for (element_name, index), n in Counter((each.name, each.attributes.get("index", "")) for each in root.every() if each.name in _ONCE).items():
        if n > 1:
            what = f"'{clean(f'{element_name} {index}')[:80]}' stands {n} times"
            problems.append(Problem("import/malformed", what, Place(file), "keep one of them"))
    n_grouped = sum(weight != 1 for index, weight in weights.items() if index not in indices)
    for index, issue in zip(indices, issues, strict=False):
        if issue.evaluations is None or index not in weights or weights[index] < 0:
            what = f"issue '{issue.name}' has no evaluations, or no weight of at least 0"
            problems.append(Problem("import/malformed", what, Place(file, issue.line), "give both in every profile"))
    single = {}
    for name in ("reservation", "discount_factor"):
        element = next(root.all(name), None)
        single[name] = None if element is None else _number(element.attributes.get("value"), Place(file, element.line, at=name), problems)
    party = clean(file.rpartition("/")[2].removesuffix(".xml"))
    each = tuple(weights.get(index, 0.0) for index in indices)
    return GeniusProfile(file, party, issues, each[: len(issues)], single["reservation"], single["discount_factor"], n_grouped,
                         Counter(each.name for each in root.every() if each.name not in _KNOWN))


def _other_issues(domains: Sequence[tuple[str, tuple[GeniusIssue, ...]]], profiles: Sequence[GeniusProfile]) -> list[Problem]:
    """Mistakes where files do not speak of the same issues and values."""
    first, wanted = domains[0] if domains else (profiles[0].file, profiles[0].issues)
    two = Problem("import/malformed", "two files are domains: they have no weights", Place(domains[-1][0] if domains else None), "give one")
    problems = [two] if len(domains) > 1 else []
    expected = {issue.name: set(issue.items) for issue in wanted}
    for profile in profiles:
        given = {issue.name: set(issue.items) for issue in profile.issues}
        for name in expected.keys() ^ given.keys():
            what = f"issue '{name}' is not in both {first} and {profile.file}"
            problems.append(Problem("import/malformed", what, Place(profile.file), "give files of one domain"))
        for name in expected.keys() & given.keys():
            if expected[name] != given[name]:
                what = f"issue '{name}' has other values than in {first}"
                problems.append(Problem("import/malformed", what, Place(profile.file, at=f"issue {name}"), "give files of one domain"))
    return problems


def _case(profiles: Sequence[GeniusProfile]) -> Carried:
    issues, assumed = profiles[0].issues, "as in the imported files"
    parties = slugs([TABLE, *(profile.party for profile in profiles)], "party")[1:]
    levers = slugs(["agreed", *(issue.name for issue in issues)], "issue")[1:]
    settings = [slugs(issue.items, "value") for issue in issues]
    notes = [noted("parties", n=len(profiles)), noted("levers", n=len(issues)), noted("at-the-table"), noted("by-largest")]
    for profile in profiles:
        notes += [noted("no-reservation", party=profile.party)] if profile.reservation is None else []
        notes += [noted("grouped", party=profile.party, n=profile.n_grouped)] if profile.n_grouped else []
        notes += [noted("element", name=clean(name)[:80], n=n) for name, n in profile.unknown.items()]
        notes += [noted("discount", party=profile.party, value=f"{profile.discount:g}")] if profile.discount not in (None, 1.0) else []
    none = f"not {TABLE}.agreed and (" + " or ".join(f"{TABLE}.{lever} != {each[0]}" for lever, each in zip(levers, settings, strict=True)) + ")"
    out = {
        "bestand": 1,
        "title": "Imported negotiation",
        "parties": {TABLE: {"name": "the table"}, **{p: {"name": q.party} for p, q in zip(parties, profiles, strict=True)}},
        "levers": {
            f"{TABLE}.agreed": {"is": "an agreement", "now": "no", "assumed": "nothing is agreed before it is"},
            **{
                f"{TABLE}.{lever}": {
                    "is": issue.name, "settings": list(each), "meaning": dict(zip(each, issue.items, strict=True)), "assumed": assumed,
                }
                for lever, issue, each in zip(levers, issues, settings, strict=True)
            },
        },
        "never": [{"that": none, "is": "terms without an agreement", "assumed": "without agreement there are none"}],
        "wants": {party: _wants(profile, issues, levers, settings, assumed) for party, profile in zip(parties, profiles, strict=True)},
        "unsaid": unsaid(notes),
    }
    return carried_over("genius", dumped({key: value for key, value in out.items() if value}), notes)


def _wants(
    profile: GeniusProfile, issues: Sequence[GeniusIssue], levers: Sequence[str], settings: Sequence[Sequence[str]], assumed: str
) -> list[dict[str, object]]:
    """A want for each value of each issue, and one for having no agreement, those that weigh most first."""
    wants: list[tuple[float, str, str]] = []
    by_name = {issue.name: k for k, issue in enumerate(profile.issues)}
    for issue, lever, each in zip(issues, levers, settings, strict=True):
        own = by_name[issue.name]
        for item, setting in zip(issue.items, each, strict=True):
            worth = profile.utility(own, profile.issues[own].items.index(item))
            wants.append((worth, f"{TABLE}.agreed and {TABLE}.{lever} = {setting}", f"{issue.name}: {item}"))
    wants.append((profile.reservation or 0.0, f"not {TABLE}.agreed", "no agreement"))
    ordered = sorted((each for each in wants if abs(each[0]) >= LEAST), key=lambda each: -abs(each[0]))
    return [{"that": that, "is": words, "worth": {"value": worth, "assumed": assumed}, "assumed": assumed} for worth, that, words in ordered]
