"""Shards of a sweep: Parquet files in one folder, each written whole or not at all, and asked through DuckDB without loading them."""

from __future__ import annotations

import glob
import os
import re
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bestand.errors import AskError, FileError, Place, Problem
from bestand.explore.openings import Column
from bestand.explore.parquet import MAGIC, ending, file_parts
from bestand.extras import optional
from bestand.files import is_full, put_whole

if TYPE_CHECKING:
    import duckdb

SHARD = re.compile(r"chunk-(\d{9})\.parquet\Z")
SHARDS = "chunk-" + 9 * "[0-9]" + ".parquet"  # and no copy that somebody made: `chunk-000000001 (1).parquet`
TAIL = 4_096  # bytes at the end of a chunk in which its own texts stand
_OWN = threading.local()


def shard_name(k: int) -> str:
    """File name of the k-th chunk."""
    return f"chunk-{k:09d}.parquet"


def connection() -> duckdb.DuckDBPyConnection:
    """A database in memory, one per thread, with nothing fetched from elsewhere.

    Raises
    ------
    AskError
        `sweep/needs-extra` where DuckDB is not installed.
    """
    if not hasattr(_OWN, "connection"):
        duckdb = optional("duckdb", extra="sweep", code="sweep/needs-extra", what="the store of a sweep")
        quiet: dict[str, str | bool | int | float | list[str]] = {"threads": 1}
        quiet |= {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
        _OWN.connection = duckdb.connect(config=quiet)
    return _OWN.connection


def text(value: str | Path) -> str:
    """A text as SQL has it."""
    return "'" + str(value).replace("'", "''") + "'"


def column_sql(column: str) -> str:
    """A column's name as SQL has it."""
    return '"' + column.replace('"', '""') + '"'


def value(column: str) -> str:
    """A column as a number in SQL; nothing where it has none."""
    return f"nullif({column_sql(column)}::double, 'nan'::double)"


def put_shard(columns: Mapping[str, Column], path: Path, about: Mapping[str, str]) -> None:
    """Puts a shard where it is to stand: whole, or not at all; one that stands there is replaced by the same.

    Raises
    ------
    FileError
        `file/cannot-write`.
    """
    try:
        put_whole(file_parts(columns, about), path, force=True)
    except OSError as error:
        what = f"a chunk cannot be written: {error.strerror}"
        hint = "make room there, and begin the sweep again: it goes on where it stopped" if is_full(error) else "is the folder there, and writable?"
        raise FileError(Problem("file/cannot-write", what, Place(str(path)), hint)) from error


def shards(folder: Path) -> dict[int, Path]:
    """The chunks that are done, by number.

    Raises
    ------
    FileError
        `file/not-plain` where something else stands in the place of one.
    """
    named = [(int(match[1]), entry) for entry in os.scandir(folder) if (match := SHARD.match(entry.name))]
    for _, entry in named:
        if not Path(entry.path).is_file():  # a link that leads back to itself is none either
            what = "in the place of a chunk stands a folder, pipe, device or broken link"
            raise FileError(Problem("file/not-plain", what, Place(entry.path), "take it away, and begin the sweep again"))
    return {k: Path(entry.path) for k, entry in sorted(named, key=lambda each: each[0])}


def is_whole(path: Path, k: int, n_rows: int, sweep: str) -> bool:
    """Whether a file is the k-th chunk of a sweep with so many draws, to its end: not cut short, of another sweep, or of another place.

    sweep : its digest. What stands in the middle of a file is not looked at
    """
    try:
        with open(path, "rb") as file:
            opens = file.read(len(MAGIC))
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL))
            closes = file.read()
    except OSError:
        return False
    told = closes[:-8]
    return opens == MAGIC == closes[-4:] and told.endswith(ending({"chunk": str(k), "rows": str(n_rows)})) and sweep.encode() in told


def ask(folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query over a sweep; `{draws}` in it stands for all its chunks.

    Raises
    ------
    AskError
        `sweep/no-draws`, `sweep/bad-query`, `sweep/needs-extra`.
    """
    return _asked(folder, sql).fetchall()


def arrays_of(folder: Path, sql: str) -> dict[str, Column]:
    """Columns of a query over a sweep, as arrays; nan where there is no number."""
    columns: dict[str, Column] = _asked(folder, sql).fetchnumpy()
    return {name: np.ma.filled(each.astype(np.float64), np.nan) if isinstance(each, np.ma.MaskedArray) else each for name, each in columns.items()}


def _asked(folder: Path, sql: str) -> Any:
    con = connection()
    import duckdb  # noqa: PLC0415

    con.execute(f"set threads = {os.cpu_count() or 1}")
    try:
        return con.execute(sql.replace("{draws}", f"read_parquet({text(glob.escape(str(folder)) + '/' + SHARDS)})"))
    except duckdb.IOException as error:
        what = "there is no draw in this sweep, or a chunk cannot be read"
        raise AskError(Problem("sweep/no-draws", f"{what}: {error}", Place(str(folder)), "sweep again: what is missing is made anew")) from error
    except duckdb.Error as error:
        raise AskError(Problem("sweep/bad-query", f"the store cannot answer that: {error}", Place(str(folder)))) from error


def columns_in(folder: Path, names: Sequence[str]) -> dict[str, Column]:
    """Some columns, in the order of the draws."""
    return arrays_of(folder, f"select {', '.join(map(column_sql, names))} from {{draws}} order by draw")
