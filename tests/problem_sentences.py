"""What the program says is wrong, and what to do about it, read from its source: every sentence that a `Problem` is made with, with {} for its blanks."""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Iterator

SRC = pathlib.Path(__file__).parent.parent / "src" / "bestand"
MADE_BY = {"Problem": (1, 3), "wrong": (1, 3), "fail": (0, 1), "stop": (1, 3), "refuse": (1, 3)}
"""Who makes a problem: the places of what is wrong and what to do among the arguments."""
MADE_IN = re.compile(rf"\b({'|'.join(MADE_BY)})\(")


def sentences(rooms: tuple[str, ...]) -> dict[str, str]:
    """Every sentence of some rooms, with where it stands first; what is only a blank is none."""
    found: dict[str, str] = {}
    for room in rooms:
        paths = [SRC / room] if room.endswith(".py") else sorted((SRC / room).rglob("*.py"))
        for path in paths:
            source = path.read_text(encoding="utf-8")
            for line, text in _in_module(ast.parse(source)) if MADE_IN.search(source) else ():
                if any(sign.isalpha() for sign in text.replace("{}", "")):
                    found.setdefault(text, f"{path.relative_to(SRC)}:{line}")
    return found


def _in_module(module: ast.Module) -> Iterator[tuple[int, str]]:
    functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
    calls: list[tuple[ast.Call, ast.AST | None]] = []
    inside: list[tuple[ast.AST, ast.AST | None]] = [(module, None)]  # what is still to be looked at, and the function that it stands in
    for node, home in inside:
        if isinstance(node, ast.Call):
            calls.append((node, home))
        function = node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None
        if function is not None:
            functions[function.name] = function
        inside.extend((each, function or home) for each in ast.iter_child_nodes(node))
    for call, home in calls:
        name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name not in MADE_BY:
            continue
        what, hint = MADE_BY[name]
        given = [call.args[k] for k in (what, hint) if k < len(call.args)] + [each.value for each in call.keywords if each.arg in ("what", "hint")]
        for each in given:
            yield from ((call.lineno, text) for text in _texts(each, home, functions, 0))


def _texts(node: ast.expr, home: ast.AST | None, functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef], deep: int) -> Iterator[str]:
    """The texts that an expression can be, with {} for what is filled in."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in values)
            for each in values:
                if isinstance(each, ast.FormattedValue):
                    yield from _texts(each.value, home, functions, deep + 1)
        case ast.IfExp(body=body, orelse=other):
            yield from (*_texts(body, home, functions, deep), *_texts(other, home, functions, deep))
        case ast.BoolOp(values=values):
            for each in values:
                yield from _texts(each, home, functions, deep)
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            yield from (one + two for one in _texts(left, home, functions, deep) for two in (list(_texts(right, home, functions, deep)) or ["{}"]))
        case ast.Name(id=name) if home is not None and deep < 4:
            for value in _assigned(home, name):
                yield from _texts(value, home, functions, deep + 1)
        case ast.Call(func=ast.Name(id=name)) if name in functions and deep < 4:
            for each in ast.walk(functions[name]):
                if isinstance(each, ast.Return) and each.value is not None:
                    yield from _texts(each.value, functions[name], functions, deep + 1)
        case _:
            return


def _assigned(home: ast.AST, name: str) -> Iterator[ast.expr]:
    """What a name is given in a function."""
    for node in ast.walk(home):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        for target in targets:
            value = node.value
            if isinstance(target, ast.Name) and target.id == name and value is not None:
                yield value
            if isinstance(target, ast.Tuple):
                at = next((k for k, each in enumerate(target.elts) if isinstance(each, ast.Name) and each.id == name), None)
                pairs = [value] if isinstance(value, ast.Tuple) else [each for each in ast.walk(value) if isinstance(each, ast.Tuple)] if value else []
                yield from (pair.elts[at] for pair in pairs if at is not None and at < len(pair.elts))
