"""Where chunks are made: processes of this machine that are replaced when killed, or a cluster by its address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, cast

from bestand.errors import AskError, Problem
from bestand.extras import optional


@contextmanager
def local(workers: int) -> Iterator[Callable[[], Executor]]:
    """Processes of this machine, started anew where they are killed, and ended at the end, once what they are at is done; at once where that failed.

    Raises
    ------
    AskError
        `sweep/needs-extra`.
    """
    loky = optional("loky", extra="sweep", code="sweep/needs-extra", what="sharing work among processes")
    last: list[Any] = []

    def executor() -> Executor:
        last[:] = [loky.get_reusable_executor(max_workers=workers, timeout=60)]
        return cast("Executor", last[0])

    failed = True
    try:
        yield executor
        failed = False
    finally:
        for each in last:
            # loky itself ends its workers only where nothing that waits for them was called off
            for process in list(each._processes.values()) if failed else ():
                process.terminate()
            each.shutdown(wait=True)


@contextmanager
def cluster(address: str) -> Iterator[Callable[[], Executor]]:
    """Workers of a dask cluster, left as it is at the end; for TLS the address begins with `tls://` and the certificates are dask's own settings.

    Raises
    ------
    AskError
        `sweep/needs-extra`, `sweep/no-cluster`.
    """
    distributed = optional("distributed", extra="cluster", code="sweep/needs-extra", what="a cluster of dask")
    try:
        client = distributed.Client(address, timeout=20)
    except (OSError, ValueError) as error:
        raise AskError(Problem("sweep/no-cluster", f"no scheduler answers at {address}: {error}", hint="such as tcp://host:8786")) from error
    with client:
        yield lambda: cast("Executor", client.get_executor(pure=False))
