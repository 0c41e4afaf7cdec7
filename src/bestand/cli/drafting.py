"""Commands on proposals: draft, accept."""

from __future__ import annotations

import datetime
import filecmp
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bestand.cli.asking import examples, idle, json_, read_case, sources_
from bestand.cli.terminal import note, one_line, progress_bar, say, sentence, show, speaking
from bestand.errors import DraftError, Place, Problem, written_out

if TYPE_CHECKING:
    from bestand.case.loaded import Case
    from bestand.drafting.endpoint import Endpoint
    from bestand.drafting.proposals import Proposal, Proposals

KINDS = ("claim", "party", "lever", "now", "guard", "want", "event", "observation")
ASKED = {
    "claim": ("gloss", "says", "author_holds", "source_holds"),
    "party": ("id", "name"),
    "lever": ("id", "is", "now"),
    "now": ("now",),
    "guard": ("that",),
    "want": ("that", "is"),
    "event": ("id", "is"),
    "observation": ("date", "is"),
}


@click.command(
    name="draft",
    epilog=examples(
        "bestand draft statement.pdf report.html --into my-case.yaml",
        "bestand draft statement.txt --into my-case.yaml --model http://127.0.0.1:8080/v1",
    ),
)
@click.argument("source", nargs=-1, required=True, type=click.Path())
@click.option("--into", "case", required=True, metavar="CASE", help="The case that the proposals are for.")
@click.option("--language", type=click.Choice(["nl", "en", "de", "fr"]), help="Language of the documents (told by their words, if not given).")
@click.option("--speaker", metavar="PARTY", help="Whom “we” means in them, by name (told by headings, if not given).")
@click.option("--model", "url", metavar="URL", help="An endpoint of the OpenAI protocol to ask as well; without it nothing leaves the machine.")
@click.option("--model-name", default="default", show_default=True, help="The model's name, as the endpoint knows it.")
@click.option("--yes", is_flag=True, help="Send to the endpoint without asking; what is sent is printed all the same.")
@sources_
@json_
def draft_command(
    source: tuple[str, ...], case: str, language: str | None, speaker: str | None, url: str | None, model_name: str, yes: bool,
    sources: str | None, as_json: bool,
) -> None:
    """Propose claims and lines from documents; they wait beside the case and count for nothing until accepted.

    The key of an endpoint that asks for one is read from BESTAND_MODEL_KEY.
    """
    from bestand.drafting.beside import file_of
    from bestand.drafting.draft import draft

    if url is None:
        idle("without --model", "model_name", "yes")
    with progress_bar():
        into = read_case(case, sources)
    speaking(into.file.language)
    path = file_of(into)
    model = _endpoint(url, model_name)
    file = _Waiting(path)
    standing = file.left
    if model is not None:
        _agreed(source, into, language, standing, model, yes)
    with progress_bar():
        drafted = draft(source, into=into, language=language, speaker=speaker, waiting=standing, model=model, kept=file.keep)
    file.keep(drafted)
    show(drafted.table(), as_json)
    away = [one_line(Path(each).name) for each in source if not _in_folder(Path(each).resolve(), path.resolve().parent)]
    if away and sources is None:
        note(sentence(f"{', '.join(away)}: not in the case's folder; put a copy there, or give --sources, so that quotes can be checked"))
    note(sentence(f"{one_line(path)}: {len(drafted.waiting)} wait; `bestand accept {one_line(case)}` decides on them"))


def _in_folder(document: Path, folder: Path) -> bool:
    """Whether a document, or a copy of it by the same name, lies in the folder of a case."""
    copy = folder / document.name
    return document.is_relative_to(folder) or (copy.is_file() and filecmp.cmp(document, copy, shallow=False))


def _endpoint(url: str | None, name: str) -> Endpoint | None:
    from bestand.drafting.endpoint import Endpoint

    return Endpoint(url, name, os.environ.get("BESTAND_MODEL_KEY", "")) if url else None


def _agreed(source: Sequence[str], into: Case, language: str | None, standing: Proposals, model: Endpoint, yes: bool) -> None:
    """Prints what would leave the machine, and goes on only where somebody agrees to it."""
    from bestand.drafting.draft import leaving

    for one in leaving(source, into=into, model=model, language=language, waiting=standing):
        note("\n".join(written_out(line) for line in f"{one.in_full()}\n\n{one}".split("\n")))
    if not yes and not click.confirm(f"Send this to {model.address}?", err=True):
        raise DraftError(Problem("draft/not-agreed", "nothing was sent", hint="agree, or draft without --model"))


@click.command(
    name="accept",
    epilog=examples(
        "bestand accept my-case.yaml",
        "bestand accept my-case.yaml p3 p7 --by 'A. Analyst'",
        "bestand accept my-case.yaml --all-of claim",
    ),
)
@click.argument("case")
@click.argument("ids", nargs=-1)
@click.option("--all-of", "kinds", multiple=True, type=click.Choice(KINDS), help="All that wait of a kind; may be repeated.")
@click.option("--reject", "rejects", is_flag=True, help="Reject these instead; they are not proposed again.")
@click.option("--set", "settings", multiple=True, metavar="ID.FIELD=VALUE", help="Take it with a field changed, such as p3.gloss='no truce'.")
@click.option("--by", help="Who accepts.  [default: BESTAND_NAME, or the login name]")
@click.option("--on", help="The day of it.  [default: today]")
@sources_
@json_
def accept_command(
    case: str,
    ids: tuple[str, ...],
    kinds: tuple[str, ...],
    rejects: bool,
    settings: tuple[str, ...],
    by: str | None,
    on: str | None,
    sources: str | None,
    as_json: bool,
) -> None:
    """Decide on proposals: by id, by kind, or one by one.

    What a line rests on, or a claim denies, is taken along. Comments in the case file are kept.
    """
    from bestand.drafting.beside import file_of
    from bestand.files import writer

    if rejects:
        idle("beside --reject", "settings")
    if (rejects or settings) and not (ids or kinds):
        raise click.UsageError("name the proposals that this is about, such as p3, or a kind with --all-of")
    with progress_bar():
        into = read_case(case, sources)
    speaking(into.file.language)
    file = _Waiting(file_of(into))
    standing = file.left
    chosen = [*ids, *(item.id for item in standing.waiting if item.kind in kinds and item.id not in ids)]
    desk = _Desk(into, file, by or writer(), on or str(datetime.date.today()), sources)
    if not chosen and not kinds and not as_json and standing.waiting:
        desk.one_by_one()
    elif rejects:
        desk.reject(chosen)
        show(desk.proposals.table(), as_json)
    elif chosen:
        show(desk.accept(chosen, _changes(settings)).table(), as_json)
    else:
        show(standing.table(), as_json)


def _changes(settings: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Fields to change, from `id.field=value`."""
    changes: dict[str, dict[str, Any]] = {}
    for text in settings:
        at, equals, value = text.partition("=")
        key, dot, name = at.strip().partition(".")
        if not equals or not dot:
            raise click.BadParameter(f"'{text}' is not id.field=value", param_hint="--set")
        if name in changes.setdefault(key, {}):
            raise click.BadParameter(f"'{key}.{name}' is given twice: give it once", param_hint="--set")
        changes[key][name] = value
    return changes


class _Waiting:
    """The file of proposals while somebody works on them: it is written only where it is still as it was left."""

    def __init__(self, path: Path) -> None:
        from bestand.drafting.proposals import waiting

        self.path, self.left = path, waiting(path)

    def look(self) -> None:
        """Refuses to go on where others have written to it meanwhile."""
        from bestand.drafting.proposals import waiting

        if waiting(self.path) != self.left:
            raise _changed(self.path)

    def keep(self, proposals: Proposals) -> None:
        """Writes it anew."""
        from bestand.drafting.proposals import keep, waiting

        keep(proposals, self.path, look=self.look)
        self.left = waiting(self.path)


def _changed(path: Path) -> DraftError:
    hint = "nothing was written over it: run the same again"
    return DraftError(Problem("draft/changed-meanwhile", "others have written to this file meanwhile", Place(str(path)), hint))


class _Desk:
    """A case and its proposals while somebody decides; both files are written after every decision, the case first."""

    def __init__(self, case: Case, file: _Waiting, by: str, on: str, sources: str | None) -> None:
        self.case, self.proposals, self.file, self.path = case, file.left, file, file.path
        self.by, self.on, self.sources = by, on, sources

    def accept(self, ids: Sequence[str], edits: dict[str, dict[str, Any]]) -> Any:
        """Takes some proposals into the case."""
        from bestand.case.write import write_text
        from bestand.drafting.accept import accept

        taken = accept(self.case, self.proposals, take=ids, by=self.by, on=self.on, edits=edits, sources=self.sources)
        write_text(taken.case.text, self.path.with_name(self._name()), force=True, look=self._look)
        self.file.keep(taken.proposals)
        self.case, self.proposals = taken.case, taken.proposals
        return taken

    def _look(self) -> None:
        """Refuses to write where others have changed the case or its proposals meanwhile."""
        from bestand.case.read import bytes_of

        self.file.look()
        path = self.path.with_name(self._name())
        if hashlib.sha256(bytes_of(path)).hexdigest() != self.case.digest:
            raise _changed(path)

    def _name(self) -> str:
        return self.case.path.name if self.case.path is not None else "case.yaml"

    def reject(self, ids: Sequence[str]) -> None:
        """Rejects some proposals."""
        from bestand.drafting.accept import reject

        self.proposals = reject(self.proposals, ids)
        self.file.keep(self.proposals)

    def one_by_one(self) -> None:
        """Asks whom *we* means where nobody has said so, and then about each proposal that waits."""
        from bestand.errors import BestandError

        for key in self.proposals.unheard:
            try:
                self._hear(key)
            except BestandError as error:
                note(str(error))
        for key in [item.id for item in self.proposals.waiting]:
            item = self.proposals[key]
            if item.status != "waiting":  # taken along with another
                continue
            say(f"\n{item.id} {item.kind}: {written_out(item.words())}\n{_details(item)}")
            said = click.prompt("[a]ccept, [e]dit, [r]eject, [s]kip, [q]uit", type=click.Choice(list("aersq")), default="s", show_choices=False)
            if said == "q":
                break
            try:
                self._do(said, item)
            except BestandError as error:
                note(str(error))
        say(sentence(f"{len(self.proposals.waiting)} still wait"))

    def _hear(self, key: str) -> None:
        """Asks for which party a document speaks, and reads it again as that party's; an empty answer leaves it open."""
        from bestand.drafting.draft import draft
        from bestand.evidence.source import locate

        fields = self.proposals.sources.get(key, {})
        folders = [Path(folder) for folder in (self.sources, self.path.parent) if folder is not None]
        document = locate(str(fields.get("file", "")), str(fields.get("sha256", "")), folders)
        if document is None:
            note(sentence(f"{key}: nobody has said who “we” is; put the document into the case's folder, or give --sources, to be asked"))
            return
        parties = ", ".join(self.case.file.parties)
        speaker = click.prompt(sentence(f"{key}: who is “we”? {parties}; nothing, if none of them"), default="", show_default=False)
        if speaker:
            n_before, language = len(self.proposals.waiting), str(fields.get("language", "")) or None
            self.proposals = draft([document.path], into=self.case, language=language, speaker=speaker, waiting=self.proposals)
            self.file.keep(self.proposals)
            say(sentence(f"{len(self.proposals.waiting) - n_before} more wait"))

    def _do(self, said: str, item: Proposal) -> None:
        if said == "r":
            self.reject([item.id])
        elif said in "ae":
            edits = {item.id: _asked(item)} if said == "e" else {}
            for key, at in self.accept([item.id], edits).places.items():
                say(f"  {key} stands at {at}")


def _details(item: Proposal) -> str:
    lists = {"rests on": item.because, "needs": item.needs, "near": item.near}
    shown = {**item.fields, **{name: ", ".join(keys) for name, keys in lists.items()}, "drafted by": item.generated_by}
    return "\n".join(written_out(f"    {name}: {value}") for name, value in shown.items() if value not in ("", [], None))


def _asked(item: Proposal) -> dict[str, str]:
    """The fields that a person wants otherwise; an empty answer leaves one as it is."""
    fields = {}
    for name in ASKED[item.kind]:
        given = click.prompt(f"  {name}", default=str(item.fields.get(name, "")))
        if given != str(item.fields.get(name, "")):
            fields[name] = given
    return fields


DRAFTING = (draft_command, accept_command)
