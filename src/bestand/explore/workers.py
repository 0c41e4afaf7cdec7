"""Where chunks are made: processes of this machine that are replaced when killed, or a cluster by its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import cast

from bestand.errors import AskError, Problem


@contextmanager
def local(workers: int) -> Iterator[Callable[[], Executor]]:
    """Processes of this machine, started anew where they are killed, and ended at the end.

    Raises
    ------
    AskError
        `sweep/needs-extra`.
    """
    try:
        loky = import_module("loky")
    except ImportError as error:
        what = "several workers are run by loky, which is not installed"
        raise AskError(Problem("sweep/needs-extra", what, hint='pip install "bestand[sweep]"')) from error
    try:
        yield lambda: cast("Executor", loky.get_reusable_executor(max_workers=workers, timeout=60))
    finally:
        loky.get_reusable_executor(max_workers=workers, timeout=60).shutdown(wait=True, kill_workers=True)


@contextmanager
def cluster(address: str) -> Iterator[Callable[[], Executor]]:
    """Workers of a dask cluster, left as it is at the end; for TLS the address begins with `tls://` and the certificates are dask's own settings.

    Raises
    ------
    AskError
        `sweep/needs-extra`, `sweep/no-cluster`.
    """
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        what = "a cluster is reached through dask, which is not installed"
        raise AskError(Problem("sweep/needs-extra", what, hint='pip install "bestand[cluster]"')) from error
    try:
        client = distributed.Client(address, timeout=20)
    except (OSError, ValueError) as error:
        raise AskError(Problem("sweep/no-cluster", f"no scheduler answers at {address}: {error}", hint="such as tcp://host:8786")) from error
    with client:
        yield lambda: cast("Executor", client.get_executor(pure=False))
