"""Files as bytes: read whole and within bounds, written whole or not at all."""

from __future__ import annotations

import errno
import getpass
import os
import re
import secrets
import socket
import stat
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import islice
from pathlib import Path, PurePath

from bestand.errors import FileError, Place, Problem

MOST_FORECAST = 5_000_000  # bytes of a frozen forecast, wherever it is read
MOST_IMPORTED = 80_000_000  # bytes of a file of another program, wherever it is read
ABANDONED = 86_400  # seconds after which nobody is still writing a file that is put in its place whole
MOST_LOOKED = 10_000  # names in a folder that are looked at for what a killed run left behind
_NO_ROOM = {getattr(errno, name, None) for name in ("ENOSPC", "EDQUOT", "EFBIG")} - {None}  # not every system has each
_LEFT = re.compile(r"\.bestand-(.+)-(\d+)-[0-9a-f]{16}\.part\Z")


def content(path: str | Path, *, most: int) -> bytes:
    """The bytes of a plain file of at most `most` bytes; nothing is waited for, and no more is read.

    Raises
    ------
    FileError
        `file/unreadable`, `file/not-plain` (a folder, pipe or device), `file/too-large`.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            raw = _bytes(handle, most + 1) if stat.S_ISREG(os.fstat(handle).st_mode) else None
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise _wrong("unreadable", f"cannot be read: {getattr(error, 'strerror', None) or error}", path, "may this program read it?") from error
    if raw is None:
        raise _wrong("not-plain", "this is no plain file", path, "a folder, pipe or device cannot be read here")
    if len(raw) > most:
        raise _wrong("too-large", f"larger than {most / 1_000_000:g} MB", path, "is it the right file?")
    return raw


def look_at_packing(packed: zipfile.ZipFile) -> None:
    """Refuses what no office program packs: by another method than theirs, whose errors are not those of a zip file, or two parts of one name.

    Raises
    ------
    NotImplementedError, zipfile.BadZipFile
        As zipfile itself would.
    """
    listed = packed.infolist()
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in listed):
        raise NotImplementedError("another method of packing")
    if len({info.filename.casefold() for info in listed}) < len(listed):
        raise zipfile.BadZipFile("two parts of one name")


def has_bytes(path: Path, given: bytes) -> bool:
    """Whether a plain file, and no link, has just these bytes; no more than so many are read."""
    try:
        return not path.is_symlink() and content(path, most=len(given)) == given
    except FileError:
        return False


def put(new: bytes, path: str | Path, *, force: bool = False, look: Callable[[], object] | None = None) -> Path:
    """Where the bytes now stand: the whole file, or what was there before; never half of one.

    force : a plain file that stands there is replaced, and keeps its mode; links, pipes and devices never are
    look  : asked last, once the bytes are on the disk; where it raises, what stands there stays

    Raises
    ------
    FileError
        `file/exists`, `file/not-plain`, `file/cannot-write`.
    """
    path = _of_a_file(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = _replaceable(path, force)
        cleaned(path.parent, most=MOST_LOOKED)
        put_whole([new], path, mode=mode, force=force, look=look)
    except (OSError, ValueError) as error:
        hint = "make room there, or write elsewhere" if is_full(error) else "is the folder writable?"
        raise _wrong("cannot-write", f"cannot be written: {getattr(error, 'strerror', None) or error}", path, hint) from error
    return path


def add_line(line: bytes, path: str | Path) -> None:
    """Adds a line to a plain file, on a line of its own also where the last one was torn off; never through a link, to a pipe or a device.

    Raises
    ------
    FileError
        `file/not-plain`, `file/cannot-write`.
    """
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if Path(path).is_symlink():
            raise _not_replaced(path)
        handle = os.open(path, flags, 0o666)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise _not_replaced(path)
            torn = os.fstat(handle).st_size > 0 and os.lseek(handle, -1, os.SEEK_END) >= 0 and os.read(handle, 1) != b"\n"
            whole = (b"\n" if torn else b"") + line + b"\n"
            if os.write(handle, whole) < len(whole):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        finally:
            os.close(handle)
    except (OSError, ValueError) as error:
        raise _wrong("cannot-write", f"cannot be written: {getattr(error, 'strerror', None) or error}", path, "is the folder writable?") from error


def is_full(error: Exception) -> bool:
    """Whether nothing more can be written since there is no room: the disk, a quota or the size of a file."""
    return getattr(error, "errno", None) in _NO_ROOM


def look_before(path: str | Path, *, folder: bool = False, force: bool = False, own: bytes = b"") -> None:
    """Whether a file, or files in a folder, can be written there, seen before the work whose result they get.

    own : what stands near the beginning of files that may be replaced anyway, since the same program made them

    Raises
    ------
    FileError
        `file/exists`, `file/not-plain`, `file/cannot-write`.
    """
    path = Path(path) if folder else _of_a_file(path)
    try:
        if not folder:
            _replaceable(path, force or (bool(own) and path.is_file() and not path.is_symlink() and own in _beginning(path)))
        above = path if folder else path.parent
        while not os.path.lexists(above) and above != above.parent:
            above = above.parent
        if not above.is_dir() or not os.access(above, os.W_OK):
            raise _wrong("cannot-write", f"cannot be written: '{above}' is no folder that this program may write in", path, "choose another place")
    except (OSError, ValueError) as error:
        raise _wrong("cannot-write", f"cannot be written: {getattr(error, 'strerror', None) or error}", path, "choose another name") from error


def _of_a_file(path: str | Path) -> Path:
    """A path to a file; one that ends as a folder's does names none, though without its end it would name a file."""
    if os.path.basename(path) in ("", "."):
        raise _wrong("not-plain", "this is the name of a folder, and a file is to be written", path, "end it with the name of a file")
    return Path(path)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4_000)


def _wrong(kind: str, what: str, path: str | Path, hint: str) -> FileError:
    codes = {
        "unreadable": "file/unreadable",
        "not-plain": "file/not-plain",
        "too-large": "file/too-large",
        "exists": "file/exists",
        "cannot-write": "file/cannot-write",
    }
    return FileError(Problem(codes[kind], what, Place(str(path)), hint))


def _not_replaced(path: str | Path) -> FileError:
    return _wrong("not-plain", "a link, folder, pipe or device stands there, and is not replaced", path, "choose another name")


def _exists(path: Path) -> FileError:
    return _wrong("exists", "a file of that name is there already", path, "choose another name, or allow it to be replaced (force)")


def _bytes(handle: int, most: int) -> bytes:
    parts, left = [], most
    while left > 0 and (part := os.read(handle, min(left, 1 << 24))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _replaceable(path: Path, force: bool) -> int | None:
    """Mode of the plain file that is to be replaced; None if nothing stands there."""
    try:
        standing = os.lstat(path).st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(standing):
        raise _not_replaced(path)
    if not force:
        raise _exists(path)
    return stat.S_IMODE(standing)


def put_whole(
    parts: Iterable[bytes], path: Path, *, mode: int | None = None, force: bool = False, look: Callable[[], object] | None = None
) -> None:
    """Puts a file where it is to stand, whole and on the disk, or not at all; what stands there is not looked at.

    Raises
    ------
    OSError
        As the system tells it.
    """
    temporary = path.parent / f".bestand-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(8)}.part"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        if look is not None:
            look()
        if mode is not None:
            os.chmod(temporary, mode)
            os.replace(temporary, path)
        elif force:
            os.replace(temporary, path)  # another program may have made one in the meantime
        else:
            _placed(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _placed(temporary: Path, path: Path) -> None:
    """Gives a new file its name; one that another program made in the meantime is not replaced, where links can be made."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:
        os.replace(temporary, path)


def cleaned(folder: Path, *, most: int | None = None) -> None:
    """Removes what runs that were killed left in a folder: those of this machine, and what nobody has written to for a day before the folder last
    changed, whichever machine began it. Both times are those of the disk, so that machines whose clocks differ may share it.

    most : names that are looked at
    """
    with os.scandir(folder) as entries:
        left = [(entry, match) for entry in islice(entries, most) if (match := _LEFT.match(entry.name)) and entry.is_file(follow_symlinks=False)]
    changed = os.stat(folder).st_mtime
    for entry, match in left:
        with suppress(FileNotFoundError):  # whoever wrote it is done
            own = match[1] == socket.gethostname() and not runs(int(match[2]))
            if own or changed - os.stat(entry.path).st_mtime > ABANDONED:
                os.unlink(entry.path)


def writer() -> str:
    """Who writes: BESTAND_NAME, or the login name; `unknown` where the machine knows no name, as in some containers."""
    try:
        return os.environ.get("BESTAND_NAME") or getpass.getuser()
    except (OSError, KeyError, ImportError):  # which of them depends on the system and on Python
        return "unknown"


def name_in_words(path: PurePath) -> str:
    """A path as words: bytes of it that are no text, as on a disk of an older system, are written as such.

    >>> name_in_words(Path("a/case.yaml")), name_in_words(Path(os.fsdecode(b"cas\\xe9.yaml")))
    ('a/case.yaml', 'cas\\\\xe9.yaml')
    """
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def runs(process: int) -> bool:
    """Whether a process of this number runs, as far as one can tell."""
    if os.name == "nt":  # there, signal 0 is a signal
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # another user's
        return True
    return True
