"""What the page asks of a case once it stands: its pictures, deals, truce, statements, sources, proposals, versions, and files in and out."""

from __future__ import annotations

from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bestand.web import asks
from bestand.web.ahead import for_ever, foretold, months_of, scored, sweep_page, sweeps_in
from bestand.web.carried import statements_told, without_told
from bestand.web.compared import compare, put_back, turned, versions
from bestand.web.deals import deals_told
from bestand.web.desk import DeskVersion
from bestand.web.exchanged import blank, export_file, import_files
from bestand.web.ground import ground_told
from bestand.web.handed import HANDED
from bestand.web.lasting import truce_told, zones_told
from bestand.web.moves import moves_told, state_told
from bestand.web.proposed import decided, drafted_from, passages, proposals_told
from bestand.web.renamed import renamed_member
from bestand.web.renamed_inner import renamed_inner
from bestand.web.renamed_parts import NewPart, renamed_part
from bestand.web.request import answered, asked_as, bench_of, readable, taken
from bestand.web.sources import quote_told, source_told, sources_told
from bestand.web.started import cases_in, dropped, listed_case, started
from bestand.web.told import case_told
from bestand.web.translated import translations_told

__all__ = [
    "blank", "cases", "compare", "deals", "decide", "document", "draft", "equilibrium", "export_file", "forecast", "ground", "handed",
    "import_files", "moves", "open_case", "proposals", "quote", "rename", "restore", "score", "source", "sources", "start", "state",
    "statements", "sweeps", "swept", "translations", "truce", "turned", "versions", "without", "zones",
]  # fmt: skip


ALONE = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"  # of a page that is handed on: it runs nothing
INNER = frozenset({"clocks", "credibility", "budgets", "channels", "states"})  # sections whose members nothing else names by that name


async def translations(request: Request) -> Response:
    """The texts of the case in another language, and those that are missing."""
    language = request.query_params.get("language", "")
    case = readable(bench_of(request))
    return answered(await run_in_threadpool(translations_told, case, language))


async def rename(request: Request) -> Response:
    """Another name for a party, lever, claim, zone or other member, for a type or a setting, wherever the case speaks of it."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskRename)

    def renamed() -> DeskVersion:
        if asked.section in ("types", "settings"):
            return renamed_part(bench.desk, NewPart(asked.section, asked.of, asked.name, asked.to), version=asked.version)
        if "." in asked.section or asked.section in INNER:
            return renamed_inner(bench.desk, asked.section.split("."), asked.name, asked.to, version=asked.version)
        called = asked.called.strip() if asked.section == "parties" else ""
        return renamed_member(bench.desk, asked.section, asked.name, asked.to, version=asked.version, called=called)

    return await taken(bench, await run_in_threadpool(renamed))


async def restore(request: Request) -> Response:
    """An earlier version put back."""
    bench, asked = bench_of(request), await asked_as(request, asks.Restore)
    sheet = await run_in_threadpool(lambda: put_back(bench.desk, asked.which, version=asked.version))
    return await taken(bench, sheet)


async def moves(request: Request) -> Response:
    """The picture of today."""
    bench = bench_of(request)
    return answered(await bench.ask(lambda study: moves_told(study, bench.language)))


async def state(request: Request) -> Response:
    """One state."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskState)
    return answered(await bench.ask(lambda study: state_told(study, asked.key, bench.language, walk=asked.walk, way=asked.way)))


async def deals(request: Request) -> Response:
    """What could be agreed."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskDeals)
    told = await bench.ask(
        lambda study: deals_told(study, bench.language, that=asked.that, without=asked.without, excluding=asked.excluding, pair=asked.pair)
    )
    return answered(told)


async def statements(request: Request) -> Response:
    """Statements with a switch each."""
    bench = bench_of(request)
    return answered(await bench.ask(lambda study: statements_told(study, bench.language)))


async def without(request: Request) -> Response:
    """The answer without some statements."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskWithout)
    return answered(await bench.ask(lambda study: without_told(study, asked.off, bench.language)))


async def zones(request: Request) -> Response:
    """Zones, and what can be changed about them."""
    bench = bench_of(request)
    return answered(await bench.ask(lambda study: zones_told(study, bench.language)))


async def ground(request: Request) -> Response:
    """The map of zones, or their strip."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskGround)
    return answered(await bench.ask(lambda study: ground_told(study, asked.where, bench.language)))


async def truce(request: Request) -> Response:
    """How long the truce lasts under changed numbers."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskTruce)
    return answered(await bench.ask(lambda study: truce_told(study, asked, bench.language)))


async def equilibrium(request: Request) -> Response:
    """The case played for ever; it holds up no other question."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskForEver)
    known = await bench.ask(lambda study: study)
    return answered(await run_in_threadpool(for_ever, known, asked.select, bench.language))


async def forecast(request: Request) -> Response:
    """Dated chances; they hold up no other question."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskForecast)
    known, months = await bench.ask(lambda study: study), months_of(asked.months)
    return answered(await run_in_threadpool(foretold, known, months, bench.language))


async def score(request: Request) -> Response:
    """A frozen forecast held against the case."""
    bench = bench_of(request)
    case, content = readable(bench), await request.body()
    return answered(await run_in_threadpool(scored, case, content, bench.language))


async def sweeps(request: Request) -> Response:
    """Sweeps that lie beside the case."""
    return answered({"sweeps": list(await run_in_threadpool(sweeps_in, bench_of(request).desk.path.parent))})


async def swept(request: Request) -> Response:
    """What a sweep says, as a page."""
    bench, asked = bench_of(request), request.query_params
    language = "nl" if asked.get("language") == "nl" else "en"
    page = await run_in_threadpool(sweep_page, bench.desk.path.parent, asked.get("folder", ""), language)
    return Response(page, media_type="text/html; charset=utf-8", headers={"content-security-policy": ALONE})


async def sources(request: Request) -> Response:
    """Documents of the case."""
    bench = bench_of(request)
    case = readable(bench)
    return answered(await run_in_threadpool(sources_told, case, bench.sources))


async def source(request: Request) -> Response:
    """The text of one document with its claims."""
    bench = bench_of(request)
    case = readable(bench)
    told = await run_in_threadpool(source_told, case, request.path_params["name"], bench.sources)
    told["proposed"] = await run_in_threadpool(passages, bench.desk, str(told["name"]), str(told["text"] or ""))
    return answered(told)


async def quote(request: Request) -> Response:
    """Whether a quote stands in a document."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskQuote)
    case = readable(bench)
    told = await run_in_threadpool(
        lambda: quote_told(case, asked.source, asked.quote, bench.sources, bench.language, prefix=asked.prefix, suffix=asked.suffix)
    )
    return answered(told)


async def proposals(request: Request) -> Response:
    """Proposals that wait."""
    return answered(await run_in_threadpool(proposals_told, bench_of(request).desk))


async def draft(request: Request) -> Response:
    """Proposals that the rules read in one source, beside those that wait."""
    bench, asked = bench_of(request), await asked_as(request, asks.AskDraft)
    read = partial(drafted_from, bench.desk, asked.source, bench.sources, speaker=asked.speaker, language=bench.language)
    return answered(await run_in_threadpool(read))


async def decide(request: Request) -> Response:
    """A proposal accepted, rejected, or put back among those that wait."""
    bench, asked = bench_of(request), await asked_as(request, asks.Decide)
    sheet = await run_in_threadpool(lambda: decided(bench.desk, asked.id, version=asked.version, becomes=asked.becomes, fields=asked.fields))
    return await taken(bench, sheet)


async def cases(request: Request) -> Response:
    """Cases of the folder, with the one that is open."""
    bench = bench_of(request)
    there = await run_in_threadpool(cases_in, bench.folder)
    at = bench.desk_or_none.path if bench.desk_or_none is not None else None
    told = [{"case": name, "title": title, "open": path.resolve() == at} for name, (path, title) in there.items()]
    return answered({"cases": told})


async def open_case(request: Request) -> Response:
    """Another case of the folder put on the desk."""
    bench, asked = bench_of(request), await asked_as(request, asks.OpenCase)
    bench.open(await run_in_threadpool(listed_case, bench.folder, asked.case, bench.sources))
    return answered(case_told(bench.desk, bench.desk.sheet, bench.language))


async def start(request: Request) -> Response:
    """A case begun from the empty page."""
    bench, asked = bench_of(request), await asked_as(request, asks.Start)
    bench.open(await run_in_threadpool(started, bench.folder, asked))
    return answered(case_told(bench.desk, bench.desk.sheet, bench.language))


async def document(request: Request) -> Response:
    """A document dropped on the page: kept beside the case, and named in it as a source."""
    bench = bench_of(request)
    content, name = await request.body(), request.query_params.get("name", "")
    desk, sheet = await run_in_threadpool(lambda: dropped(bench.folder, bench.desk_or_none, name, content, language=bench.language))
    if desk is not bench.desk_or_none:
        bench.open(desk)
    return await taken(bench, sheet)


async def handed(request: Request) -> Response:
    """A file to hand on: report, brief, table or picture."""
    bench, name = bench_of(request), request.path_params["name"]
    make = HANDED.get(name)
    if make is None:
        raise HTTPException(404)
    known = await bench.ask(lambda study: study)  # what takes long holds up no other question
    content, kind, file = await run_in_threadpool(make, known, dict(request.query_params))
    headers = {"content-disposition": f'{"inline" if kind.startswith("text/html") else "attachment"}; filename="{file}"'}
    headers["content-security-policy"] = ALONE
    return Response(content, media_type=kind, headers=headers)
