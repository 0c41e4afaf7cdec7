"""A table of numbers as the bytes of a Parquet file: uncompressed, one group of rows, every value there; the same table, the same bytes.

A sweep writes hundreds of columns of a few hundred rows, thousands of times over. Nearly all of such a file is its description, which is
the same for every chunk of a sweep but for two short texts, and so is made once [Apache Parquet format 2.10: Thrift compact protocol;
PLAIN; RLE_DICTIONARY in one bit-packed run].
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bestand.explore.openings import Column

MAGIC = b"PAR1"
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12  # types of the compact protocol
PACKED = 4_000_000  # bits that are spread out at a time


class Kind(NamedTuple):
    """How a column is stored: Parquet's own type, and what it stands for; `width` bits each where values are numbers into a list."""

    type_: int
    stands_for: int | None = None
    width: int = 0


_PLAIN = {"b1": Kind(0), "i8": Kind(2), "f4": Kind(4), "f8": Kind(5)}
_LISTED = {"u1": 11, "u2": 12}  # small whole numbers, as numbers into the list 0, 1, 2, …


def file_parts(columns: Mapping[str, Column], about: Mapping[str, str]) -> Iterator[bytes]:
    """The parts of the file, in order.

    columns : bool, uint8, uint16, int64, float32 or float64, all of one length
    about   : texts that the file carries

    Raises
    ------
    TypeError
        Where a column is of another type.

    >>> b"".join(file_parts({"x": np.arange(3)}, {}))[:4]
    b'PAR1'
    """
    n_rows = next(iter(columns.values())).size
    kinds = tuple(_kind(column) for column in columns.values())
    form = _form(tuple(columns), kinds, n_rows)
    yield MAGIC
    for opens, held in zip(form.opens, _held(list(columns.values()), kinds), strict=True):
        yield opens
        yield held
    told = form.described + _texts(about) + b"\x00"
    yield told
    yield struct.pack("<I", len(told)) + MAGIC


def ending(last: Mapping[str, str]) -> bytes:
    """What the description of a file ends in, whose last texts are these; see `file_parts`.

    >>> b"".join(file_parts({"x": np.arange(3)}, {"of": "a", "chunk": "1"}))[:-8].endswith(ending({"chunk": "1"}))
    True
    """
    return b"".join(_pairs(last)) + _fields((6, _BINARY, "bestand"), after=5) + b"\x00"


def _kind(column: Column) -> Kind:
    word = column.dtype.str[1:]
    if word in _LISTED:
        width = max(1, int(column.max(initial=0)).bit_length())
        return Kind(1, _LISTED[word], width if 1 << width <= column.size else 0)  # of few rows the list would be longer than they are
    if word not in _PLAIN:
        raise TypeError(f"no column of {column.dtype} is stored")
    return _PLAIN[word]


def _held(columns: Sequence[Column], kinds: Sequence[Kind]) -> Iterator[bytes]:
    """The values of every column; those of one width next to each other are packed side by side."""
    first = 0
    while first < len(columns):
        width, n_rows = kinds[first].width, columns[first].size
        if not width:
            yield _plain(columns[first])
            first += 1
            continue
        most = max(1, PACKED // max(1, 16 * n_rows))
        last = next((k for k in range(first, len(columns)) if kinds[k].width != width or k - first == most), len(columns))
        yield from _bits(np.stack([column.astype("<u2") for column in columns[first:last]]), width)
        first = last


def _plain(column: Column) -> bytes:
    if column.dtype == np.bool_:
        return np.packbits(column.view(np.uint8), bitorder="little").tobytes()
    if column.dtype.kind == "u":
        return column.astype("<i4").tobytes()
    return column.astype(column.dtype.newbyteorder("<"), copy=False).tobytes()


def _bits(values: NDArray[np.uint16], width: int) -> Iterator[bytes]:
    """(n_columns, n_rows) whole numbers, `width` bits each, rows filled up to a multiple of eight."""
    n_columns, n_rows = values.shape
    whole = np.zeros((n_columns, n_rows + -n_rows % 8), "<u2")
    whole[:, :n_rows] = values
    bits = np.unpackbits(whole.view(np.uint8).reshape(n_columns, -1, 2), axis=2, bitorder="little")[:, :, :width]
    opens = bytes([width]) + _whole(whole.shape[1] // 8 << 1 | 1)
    for row in np.packbits(bits.reshape(n_columns, -1), axis=1, bitorder="little"):
        yield opens + row.tobytes()


@dataclass(frozen=True, slots=True)
class _Form:
    """opens : per column what stands before its values; described : the description of the file up to its texts."""

    opens: tuple[bytes, ...]
    described: bytes


@lru_cache(maxsize=256)
def _form(names: tuple[str, ...], kinds: tuple[Kind, ...], n_rows: int) -> _Form:
    opens, chunks, at, total = [], [], len(MAGIC), 0
    for name, kind in zip(names, kinds, strict=True):
        before, listed, size = _before(kind, n_rows)
        opens.append(before)
        chunks.append(_chunk(name, kind, n_rows, at, listed, len(before) + size))
        at, total = at + len(before) + size, total + len(before) + size
    group = _fields((1, _LIST, _list(_STRUCT, chunks)), (2, _I64, total), (3, _I64, n_rows)) + b"\x00"
    root = _fields((4, _BINARY, "draws"), (5, _I32, len(names))) + b"\x00"
    schema = [root, *(_element(name, kind) for name, kind in zip(names, kinds, strict=True))]
    described = _fields((1, _I32, 1), (2, _LIST, _list(_STRUCT, schema)), (3, _I64, n_rows), (4, _LIST, _list(_STRUCT, [group])))
    return _Form(tuple(opens), described)


@lru_cache(maxsize=1_024)
def _before(kind: Kind, n_rows: int) -> tuple[bytes, int, int]:
    """What stands before a column's values, how much of it is the list that they point into, and how many bytes the values have."""
    size = _size(kind, n_rows)
    listed = _dictionary(kind.width) if kind.width else b""
    page = _page(0, size, 5, [(1, n_rows), (2, RLE_DICTIONARY if kind.width else PLAIN), (3, RLE), (4, RLE)])
    return listed + page, len(listed), size


def _size(kind: Kind, n_rows: int) -> int:
    """Bytes of a column's values."""
    if kind.width:
        eights = -(-n_rows // 8)
        return 1 + len(_whole(eights << 1 | 1)) + eights * kind.width
    return -(-n_rows // 8) if kind.type_ == 0 else n_rows * (4 if kind.type_ in (1, 4) else 8)


def _dictionary(width: int) -> bytes:
    """The list 0, 1, 2, … that numbers of so many bits point into."""
    held = np.arange(1 << width, dtype="<i4").tobytes()
    return _page(2, len(held), 7, [(1, 1 << width), (2, PLAIN)]) + held


def _page(type_: int, size: int, which: int, fields: Iterable[tuple[int, int]]) -> bytes:
    inner = _fields(*((number, _I32, value) for number, value in fields)) + b"\x00"
    return _fields((1, _I32, type_), (2, _I32, size), (3, _I32, size), (which, _STRUCT, inner)) + b"\x00"


@lru_cache(maxsize=4_096)
def _element(name: str, kind: Kind) -> bytes:
    stands = () if kind.stands_for is None else ((6, _I32, kind.stands_for),)
    return _fields((1, _I32, kind.type_), (3, _I32, 0), (4, _BINARY, name), *stands) + b"\x00"


def _chunk(name: str, kind: Kind, n_rows: int, at: int, listed: int, size: int) -> bytes:
    encodings = [PLAIN, RLE_DICTIONARY] if kind.width else [PLAIN]
    meta = _fields(
        (1, _I32, kind.type_), (2, _LIST, _list(_I32, [_zigzag(each) for each in encodings])), (3, _LIST, _list(_BINARY, [_text(name)])),
        (4, _I32, 0), (5, _I64, n_rows), (6, _I64, size), (7, _I64, size), (9, _I64, at + listed), *(((11, _I64, at),) if listed else ()),
    )  # fmt: skip
    return _fields((2, _I64, at), (3, _STRUCT, meta + b"\x00")) + b"\x00"


def _pairs(about: Mapping[str, str]) -> list[bytes]:
    return [_fields((1, _BINARY, key), (2, _BINARY, value)) + b"\x00" for key, value in about.items()]


def _texts(about: Mapping[str, str]) -> bytes:
    """The texts of the file, and who wrote it, as the fields that follow the fourth."""
    return _fields((5, _LIST, _list(_STRUCT, _pairs(about))), (6, _BINARY, "bestand"), after=4)


def _fields(*fields: tuple[int, int, int | str | bytes], after: int = 0) -> bytes:
    """Fields (number, type, value) of a structure, in the order of their numbers, without its end."""
    told = bytearray()
    for number, type_, value in fields:
        told.append((number - after) << 4 | type_)
        after = number
        told += _zigzag(value) if isinstance(value, int) else _text(value) if isinstance(value, str) else value
    return bytes(told)


def _list(type_: int, parts: Sequence[bytes]) -> bytes:
    opens = bytes([len(parts) << 4 | type_]) if len(parts) < 15 else bytes([0xF0 | type_]) + _whole(len(parts))
    return opens + b"".join(parts)


def _text(value: str) -> bytes:
    held = value.encode()
    return _whole(len(held)) + held


def _zigzag(value: int) -> bytes:
    return _whole(value << 1)  # nothing here is below 0


def _whole(value: int) -> bytes:
    """A whole number, seven bits to a byte, the lowest first."""
    told = bytearray()
    while value > 0x7F:
        told.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*told, value])
