"""Commands on what if we are wrong: sweep, discover."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bestand.cli.asking import Command, Number, asks, each_once, examples, idle, json_, language_, read_case, seed_
from bestand.cli.terminal import language, note, one_line, print_json, progress_bar, refuse_existing, say, sentence, show

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from bestand.case.loaded import Case
    from bestand.explore.space import Space


class _Pair(click.ParamType):  # type: ignore[type-arg]
    """A name and what it is given, with = between, such as wants.ru[0]=2."""

    def __init__(self, name: str, *, numbers: int) -> None:
        self.name, self.numbers = name, numbers

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name, and its text, number or pair of numbers."""
        if isinstance(value, tuple):
            return value
        at, sign, given = str(value).partition("=")
        try:
            numbers = tuple(float(part) for part in given.split(":")) if self.numbers else (given,)
        except ValueError:
            numbers = ()
        if not (at.strip() and sign and len(numbers) == max(1, self.numbers)):
            self.fail(f"'{value}' is not {self.name}", param, ctx)
        return at.strip(), numbers if self.numbers > 1 else numbers[0]


_measure = click.option(
    "--measure", "measures", multiple=True, required=True,
    help="What is asked in every draw, such as 'deal ceasefire'; may be repeated. Kinds: rests, rests-classical, rests-both, "
    "share-of-rests, reached, reached-classical, deal, now-rests, holds-a-year.",
)


def _pairs(option: str, name: str, kind: _Pair, text: str) -> Callable[[Command], Command]:
    """An option that is given once for each name."""
    return click.option(option, name, type=kind, multiple=True, callback=each_once, help=text)


@click.command(
    name="sweep",
    epilog=examples(
        "bestand sweep ukraine/2025-04 --measure 'deal ceasefire' --measure 'rests-both ceasefire' --n 100000 --out ceasefire --workers 2",
        "bestand sweep example/en --measure 'rests truce' --rank 'wants.upper[0]=2' --out truce",
        "bestand sweep ukraine/2025-04 --measure 'deal ceasefire' --n 1000000000 --each 20000 --out /shared/c --cluster tcp://scheduler:8786",
    ),
)
@asks
@_measure
@click.option("--n", type=click.IntRange(1), default=10_000, show_default=True, help="Draws.")
@seed_
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder of the sweep; begun again, it goes on where it stopped.")
@click.option("--workers", type=click.IntRange(1, 1_024), default=1, show_default=True, help="Processes of this machine.")
@click.option("--cluster", "address", help="A dask scheduler's address instead, whose workers see the folder as well: tcp://… or tls://…")
@click.option("--each", type=click.IntRange(1), default=1_000, show_default=True, help="Draws per chunk; a second of work is a good size.")
@click.option(
    "--seconds", type=Number(0.1),
    help="Begin no more chunks after so long; begun again, the sweep goes on. As long as it takes, if not given: Ctrl-C loses no chunk.",
)
@click.option("--design", type=click.Choice(["draws", "sobol"]), default="draws", show_default=True, help="sobol: crossed, for Sobol's indices.")
@click.option("--only", multiple=True, help="Open nothing but this: a key path, or a kind (number, source, claim, want, type, place).")
@_pairs("--number", "numbers", _Pair("path=low:high", numbers=2), "Vary a number evenly: path=low:high.")
@_pairs("--rank", "places", _Pair("path=places", numbers=1), "Let a want pass so many others: path=places.")
@click.option("--rule", "rules", multiple=True, help="Vary whether a guard, ban or one-way lever is in force: its path.")
@click.option("--version", "versions", multiple=True, help="Another version of the case, drawn as often as the first.")
@_pairs("--option", "options", _Pair("name=lever=setting,…", numbers=0), "A choice to compare: name=lever=setting,…")
def sweep_command(
    case: str, measures: Sequence[str], n: int, seed: int, out: str, workers: int, address: str | None, each: int, design: Any, only: Sequence[str],
    numbers: Sequence[Any], places: Sequence[Any], rules: Sequence[str], versions: Sequence[str], options: Sequence[Any],
    seconds: float | None, view: str | None, hold: str, sources: str | None, as_json: bool,
) -> None:
    """Ask in every draw of all that the case leaves open, and keep the answers."""
    from bestand.explore.shares import shares
    from bestand.explore.sweep import sweep
    from bestand.graph.budget import MOST_SECONDS
    from bestand.graph.naming import settings_of
    from bestand.study.clock import by_the_clock
    from bestand.study.measures import bearing, measure

    if address is not None:
        idle("beside --cluster", "workers")
    stated = read_case(case, sources)
    asked = [measure(stated, words, view=view) for words in measures]
    open_here = _varied(bearing(_opened(stated, only), asked), numbers, places, rules, {name: read_case(name, sources) for name in versions})
    picked = {name: settings_of(held) for name, held in options} or None
    with progress_bar() as told, _workers(workers, address) as executor:
        swept = sweep(
            stated, open_here, asked, n=n, seed=seed, out=out, executor=executor, each=each, design=design, view=view, hold=settings_of(hold),
            options=picked, ahead=max(64, 4 * workers) if address is None else 4_096,
            budget=by_the_clock(MOST_SECONDS if seconds is None else seconds, lambda share: told("draws", share)),
        )
    show(shares(swept).table(), as_json)
    if swept.done < swept.n:
        note(sentence(f"the time allowed ended after {swept.done:,} of {swept.n:,} draws; begun again in the same folder, the sweep goes on"))


def _opened(case: Case, only: Sequence[str]) -> Space:
    from bestand.explore.space import space

    whole = space(case)
    return whole.only(*only) if only else whole


def _varied(whole: Space, numbers: Sequence[Any], places: Sequence[Any], rules: Sequence[str], versions: dict[str, Case]) -> Space:
    from bestand.explore.space import vary

    return vary(whole, number=dict(numbers), rank=dict(places), rule=rules, cases=versions)


@contextmanager
def _workers(workers: int, address: str | None) -> Iterator[Callable[[], Executor] | None]:
    from bestand.explore.workers import cluster, local

    if address is not None:
        with cluster(address) as there:
            yield there
    elif workers > 1:
        with local(workers) as here:
            yield here
    else:
        yield None


def _page(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    """A path for a page, refused under an ending of another kind, or where no PDF can be made here."""
    if path and not path.lower().endswith((".html", ".pdf")):
        raise click.BadParameter(f"pages are HTML or PDF: '{path}' must end in .html or .pdf")
    if path and path.lower().endswith(".pdf"):
        from bestand.report.printed import can_be_made

        can_be_made(".pdf")
    return path


@click.command(
    name="discover",
    epilog=examples("bestand discover ceasefire --measure 'deal ceasefire'", "bestand discover ceasefire --page ceasefire.html"),
)
@click.argument("folder", type=click.Path(exists=True, file_okay=False))
@click.option("--measure", help="Which measure of the sweep (the first, if not given).")
@click.option("--answer", type=click.Choice(["yes", "no"]), default="yes", show_default=True, help="Which answer is looked for.")
@click.option("--at-least", type=float, help="Of a measure that is a number: the level that counts as yes.")
@click.option("--density", type=Number(0, 1, min_open=True), help="Boxes at this density (a balance with coverage, if not given).")
@click.option("--depth", type=click.IntRange(0, 6), default=3, show_default=True, help="Questions of the tree, one after another.")
@click.option("--page", type=click.Path(dir_okay=False), callback=_page, help="Write it as a page with pictures as well (….html or ….pdf).")
@click.option("--force", is_flag=True, help="Replace the page that is there.")
@language_
@json_
def discover_command(
    folder: str, measure: str | None, answer: str, at_least: float | None, density: float | None, depth: int, page: str | None, force: bool,
    as_json: bool,
) -> None:
    """Say where an answer comes out in a sweep, what carries it, what to choose and what is worth knowing."""
    from bestand.explore.sweep import read_sweep
    from bestand.report.discoveries import discoveries

    if page:
        refuse_existing(page, force=force)
    swept = read_sweep(folder)
    discovered = dict(discoveries(swept, measure, answer=answer, at_least=at_least, density=density, depth=depth))
    if page:
        from bestand.report.discovered import discovered_page

        note(one_line(discovered_page(swept, discovered, measure=swept.column(measure), language=language()).save(page)))
    if as_json:
        print_json({name: result.table().records() for name, result in discovered.items()})
        return
    from bestand.report.discovered import discovered_sentences, discovered_table

    for result in discovered.values():
        table = discovered_table(result, swept, language())
        if sentences := discovered_sentences(result, swept, language()):
            say("\n".join((table.title, *(f"  {each}" for each in sentences), "")))
        else:
            show(table, as_json)


SWEEP = (sweep_command, discover_command)
