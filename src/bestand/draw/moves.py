"""The graph around today as a layered drawing: boxes in columns by their distance from today, arrows between columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bestand.case.lines import party_of
from bestand.draw.svg import Svg, drawing, element, wrapped
from bestand.negotiate.paths import Step
from bestand.study.everything import Study
from bestand.study.outlook import FORESIGHT
from bestand.telling.states import letter
from bestand.telling.telling import Telling

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#8a6d00", "#4d4d4d")  # told apart by colour-blind readers too
MOST_RESTS = 6  # resting states of the picture
MOST_NEIGHBOURS = 5  # states beside today that a paying move leads to
MOST_LINES = 7  # lines of words in a box; the rest is counted
WIDTH, GAP_X, GAP_Y, LINE, PAD = 186, 66, 18, 15, 10

_OF_BOXES = {  # what the report's and the page's own sheets say of this drawing
    ".box rect": "fill:#fff;stroke:#8b9099", ".box.neighbour rect": "fill:#f5f6f8", ".box.rest rect": "fill:#fff6d6;stroke:#8a6d00;stroke-width:2.4",
    ".box.now rect": "fill:#1c1e21", ".box text": "font-size:12px;fill:#1c1e21", ".box.now text": "fill:#fff", ".box .letter": "font-weight:700",
}  # fmt: skip


def with_its_looks(drawn: Svg) -> Svg:
    """The drawing with its own style sheet, where no other has it; of the page about it nothing changes."""
    sheet = "".join(f"svg.graph {boxes}{{{looks}}}" for boxes, looks in _OF_BOXES.items())
    return Svg(drawn.replace(">", f"><style>{sheet}</style>", 1))


@dataclass(frozen=True, slots=True)
class StateBox:
    """One state in the drawing; letter names it in the key below the picture."""

    state: int
    kind: str
    letter: str
    lines: tuple[str, ...]
    layer: int
    x: float = 0.0
    y: float = 0.0

    @property
    def height(self) -> float:
        """Height of the box."""
        return PAD * 2 + LINE * (len(self.lines) + 1)

    @property
    def middle(self) -> float:
        """Height at which its centre lies."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Arrow:
    """One move in the drawing, as the path of a curve."""

    party: str
    colour: str
    pays: bool
    path: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, arrows and the colours of the parties that move in it."""

    width: float
    height: float
    boxes: tuple[StateBox, ...]
    arrows: tuple[Arrow, ...]
    colours: tuple[tuple[str, str], ...]


def moves_picture(study: Study, telling: Telling) -> Svg | None:
    """The drawing of today, the nearest resting states, the ways there, and paying moves from today; None without today."""
    laid = layout(study, telling)
    if laid is None:
        return None
    parts = [_tips(laid), *(_arrow(arrow, telling) for arrow in laid.arrows), *(_box(box, telling) for box in laid.boxes)]
    return drawing(laid.width, laid.height, parts, label=telling.say("picture_alt", n=len(laid.boxes) - 1), class_="graph")


def _tips(laid: Picture) -> Svg:
    """One arrow head per colour."""
    heads = [
        element(
            "marker", element("path", d="M0,0 L8,4 L0,8 z", fill=colour), id=f"tip{colour[1:]}", viewBox="0 0 8 8", refX=1, refY=4,
            markerWidth=8, markerHeight=8, markerUnits="userSpaceOnUse", orient="auto",
        )
        for _, colour in laid.colours
    ]
    return element("defs", *heads)


def _arrow(arrow: Arrow, telling: Telling) -> Svg:
    return element(
        "path", element("title", telling.party(arrow.party)), d=arrow.path, fill="none", stroke=arrow.colour, stroke_width=2,
        stroke_dasharray=None if arrow.pays else "6 4", marker_end=f"url(#tip{arrow.colour[1:]})",
    )


def _box(box: StateBox, telling: Telling) -> Svg:
    lines = [
        element("text", line, x=box.x + 11, y=box.y + 20 + LINE * (k + 1), **{"xml:space": "preserve"}) for k, line in enumerate(box.lines)
    ]
    return element(
        "g", element("title", telling.state(box.state)), element("rect", x=box.x, y=box.y, width=WIDTH, height=box.height, rx=7),
        element("text", box.letter, x=box.x + 11, y=box.y + 20, class_="letter"), *lines, class_=f"box {box.kind}", data_state=box.state,
    )


def layout(study: Study, telling: Telling) -> Picture | None:
    """Where everything in that drawing stands."""
    if study.graph.now is None:
        return None
    steps = _drawn(study)
    if not steps and not study.rests:
        return None
    boxes = _placed(_boxes(study, telling, steps), steps)
    at = {box.state: box for box in boxes}
    colours = {party: COLOURS[k % len(COLOURS)] for k, party in enumerate(study.graph.parties)}
    arrows = _arrows(steps, at, colours)
    movers = [party for party in study.graph.parties if any(step.party == party for step in steps)]
    width = max(box.x + WIDTH for box in boxes) + PAD
    height = max(box.y + box.height for box in boxes) + PAD
    return Picture(width, height, boxes, arrows, tuple((telling.party(party), colours[party]) for party in movers))


def _drawn(study: Study) -> list[Step]:
    """The moves to draw: ways to the nearest resting states and to the state studied for the first term, then neighbours."""
    ways = [rest.way for rest in study.rests[:MOST_RESTS] if rest.way]
    ways += [answer.way for answer in study.terms[:1] if answer.way]
    steps = {(step.party, step.source, step.target): step for way in ways for step in way}
    tempting = [(witness.party, each.move) for witness in study.today for each in witness.answers]
    for party, target in sorted(tempting, key=lambda move: len(_changed(study, move[1])))[:MOST_NEIGHBOURS]:
        steps.setdefault((party, study.graph.now or 0, target), _step(study, party, target))
    return list(steps.values())


def _changed(study: Study, state: int) -> dict[str, tuple[str, str]]:
    return study.graph.changes(study.graph.now or 0, state)


def _step(study: Study, party: str, target: int) -> Step:
    now, ranks = study.graph.now or 0, study.conflict.worth.rank[0, study.conflict.party(party)]
    return Step(party, now, target, _changed(study, target), int(ranks[now]), int(ranks[target]))


def _layers(now: int, steps: Sequence[Step]) -> dict[int, int]:
    """Fewest drawn moves from today to each state drawn."""
    layer, frontier = {now: 0}, [now]
    while frontier:
        reached = dict.fromkeys(step.target for step in steps if step.source in frontier and step.target not in layer)
        layer |= dict.fromkeys(reached, layer[frontier[0]] + 1)
        frontier = list(reached)
    return layer


def _boxes(study: Study, telling: Telling, steps: Sequence[Step]) -> list[StateBox]:
    now = study.graph.now or 0
    layer = _layers(now, steps)
    resting = study.stability.holds(FORESIGHT)
    for rest in study.rests[:MOST_RESTS]:  # a resting state that no way leads to stands apart, on the right
        layer.setdefault(rest.state, max(layer.values()) + 1 if rest.way is None else 1)
    on_way = {step.source for step in steps} | {answer.nearest for answer in study.terms[:1]}
    boxes = []
    for k, state in enumerate(sorted(layer, key=lambda each: (layer[each], each))):
        usual = "other" if state in on_way else "neighbour"
        kind = "now" if state == now else "rest" if resting[state] else usual
        name = letter(k) if telling.letters is None or state == now else telling.letters.of(state)
        boxes.append(StateBox(state, kind, "" if state == now and telling.letters else name, _lines(study, telling, state), layer[state]))
    return boxes


def _lines(study: Study, telling: Telling, state: int) -> tuple[str, ...]:
    """A state's difference from today in short lines that fit its box."""
    if state == study.graph.now:
        return (telling.say("sec_today"),)
    if not study.graph.levers:
        entries = [telling.named(state)]
    else:
        entries = _entries(study, telling, state)
    lines = [part for entry in entries for part in wrapped(entry, WIDTH - 20, 12, indent="  ")]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[: MOST_LINES - 1], telling.say("more_changes", n=len(lines) - MOST_LINES + 1))


def _entries(study: Study, telling: Telling, state: int) -> list[str]:
    """What differs from today, one entry per party."""
    by_party: dict[str, list[str]] = defaultdict(list)
    for lever, (_, new) in _changed(study, state).items():
        by_party[party_of(lever)].append(telling.short(lever, new))
    return [entry for changed in by_party.values() for entry in changed]


def _placed(boxes: list[StateBox], steps: Sequence[Step]) -> tuple[StateBox, ...]:
    """Boxes with their places: columns by layer; in a column ordered by where their ways come from, centred, never overlapping."""
    columns: dict[int, list[StateBox]] = defaultdict(list)
    for box in boxes:
        columns[box.layer].append(box)
    tallest = max(_tall(column) for column in columns.values())
    middle: dict[int, float] = {}
    placed: list[StateBox] = []
    for layer in sorted(columns):
        column = sorted(columns[layer], key=lambda box: (_from(box, steps, middle), box.state))
        y = PAD + (tallest - _tall(column)) / 2
        for box in column:
            there = replace(box, x=PAD + layer * (WIDTH + GAP_X), y=y)
            middle[box.state] = there.middle
            placed.append(there)
            y += box.height + GAP_Y
    return tuple(placed)


def _tall(column: Sequence[StateBox]) -> float:
    return sum(box.height + GAP_Y for box in column) - GAP_Y


def _from(box: StateBox, steps: Sequence[Step], middle: dict[int, float]) -> float:
    sources = [middle[step.source] for step in steps if step.target == box.state and step.source in middle]
    return sum(sources) / len(sources) if sources else float("inf")


def _arrows(steps: Sequence[Step], at: dict[int, StateBox], colours: dict[str, str]) -> tuple[Arrow, ...]:
    """Curves whose ends are spread over the sides of their boxes, in the order of what they lead to."""
    out, into = defaultdict(list), defaultdict(list)
    for step in steps:
        out[step.source].append(step)
        into[step.target].append(step)
    arrows = []
    for step in steps:
        here, there = at[step.source], at[step.target]
        start = _port(here, step, sorted(out[step.source], key=lambda each: at[each.target].middle))
        end = _port(there, step, sorted(into[step.target], key=lambda each: at[each.source].middle))
        pays = step.rank_after > step.rank_before
        arrows.append(Arrow(step.party, colours[step.party], pays, _curve(here, there, start, end)))
    return tuple(arrows)


def _port(box: StateBox, step: Step, beside: Sequence[Step]) -> float:
    return box.y + box.height * (beside.index(step) + 1) / (len(beside) + 1)


def _curve(here: StateBox, there: StateBox, start: float, end: float) -> str:
    x = here.x + WIDTH
    if there.layer > here.layer:
        tip = there.x - 7
        return f"M{x:.0f},{start:.1f} C{x + GAP_X * 0.5:.0f},{start:.1f} {tip - GAP_X * 0.5:.0f},{end:.1f} {tip:.0f},{end:.1f}"
    out, tip = x + GAP_X * 0.6, there.x + WIDTH + 7  # sideways or back: round the right-hand side
    return f"M{x:.0f},{start:.1f} C{out:.0f},{start:.1f} {out:.0f},{end:.1f} {tip:.0f},{end:.1f}"
