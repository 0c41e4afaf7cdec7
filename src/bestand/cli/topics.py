"""The commands by what a person wants to know, each in one line: the page that `bestand --help` prints."""

from __future__ import annotations

import click

TOPICS = {
    "The whole answer": {
        "run": "study a case and write the report, one HTML page",
        "brief": "write two pages for the one who decides",
        "open": "read, build and ask a case in the browser",
    },
    "From documents to a case": {
        "list": "the cases of the catalogue",
        "new": "start a commented case file, or a workbook",
        "draft": "propose claims and lines from documents",
        "accept": "decide on proposals",
        "check": "what is wrong or doubtful in a case, quotes and all",
        "import": "a case from the file of another program",
        "export": "a view of a case for another program",
        "schema": "the JSON Schema of case files, for editors",
    },
    "Where it can rest, and why": {
        "show": "parties, levers, and where the conflict can rest",
        "why": "why a party would stay in a state or leave it",
        "paths": "the shortest ways to where a condition holds",
        "joint": "what parties reach only by acting at once",
        "coalitions": "who could upset an outcome together",
        "unlock": "the smallest changes that make a goal rest",
        "sensitivity": "which statement, source or speaker carries what",
    },
    "What could be agreed": {
        "agreements": "the deals, the demands that clash, what opens a deal",
        "settle": "the package that a rule of fair division picks",
        "cores": "as agreements, where states are too many to list",
        "settle-by-solver": "as settle, where states are too many to list",
        "offers": "what is agreed, and when, if talks have a deadline",
        "divide": "divide issues between two parties by their points",
    },
    "Does a truce hold": {
        "play": "what everyone does next if they look ahead",
        "equilibrium": "the case played for ever, with a certificate",
        "survival": "how long a truce lasts, and what breaks it",
        "postures": "guarantee forces compared, one thing at a time",
        "withdrawal": "a guarantor that stays, has left, or will leave",
        "strategies": "a party's named strategies under each backstop",
        "base-rates": "how long past ceasefires of a class lasted",
        "backtest": "how well models foretell past ceasefires",
        "violations": "whether the last count is out of the ordinary",
    },
    "What changed, and what to watch": {
        "diff": "the statements that differ between two cases",
        "compare": "what two analysts conclude otherwise, and why",
        "turns": "the smallest changes that would change our mind",
        "red-team": "the most damaging reading that the claims allow",
        "posterior": "what observations say of the parties' types",
        "indicators": "what to watch, by when, and what it would say",
        "scenarios": "the likeliest dated courses, as a tree",
        "forecast": "dated chances; freeze them, and score them later",
    },
    "What if we are wrong, everywhere at once": {
        "sweep": "ask in every draw of all that the case leaves open",
        "discover": "where an answer comes out, and what carries it",
    },
    "Help": {"docs": "the documentation: its pages, one name, or an error code"},
}


def write_topics(formatter: click.HelpFormatter) -> None:
    """Writes the commands under their topics, in the order in which an analyst meets them."""
    widest = max(len(name) for commands in TOPICS.values() for name in commands)
    for topic, commands in TOPICS.items():
        with formatter.section(topic):
            formatter.write_dl([(name.ljust(widest), line) for name, line in commands.items()])
