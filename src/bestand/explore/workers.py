"""Where chunks are made: processes of this machine that are replaced when killed, or a cluster by its address."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from typing import cast

from bestand.errors import AskError, Problem


def local(workers: int) -> Callable[[], Executor]:
    """Processes of this machine, started anew where they are killed.

    Raises
    ------
    AskError
        `sweep/needs-extra`.
    """
    try:
        import loky  # noqa: PLC0415
    except ImportError as error:
        what = "several workers are run by loky, which is not installed"
        raise AskError(Problem("sweep/needs-extra", what, hint='pip install "bestand[sweep]"')) from error
    return lambda: cast("Executor", loky.get_reusable_executor(max_workers=workers, timeout=60))


def cluster(address: str) -> Callable[[], Executor]:
    """Workers of a dask cluster; for TLS the address begins with `tls://` and the certificates are dask's own settings.

    Raises
    ------
    AskError
        `sweep/needs-extra`, `sweep/no-cluster`.
    """
    try:
        from distributed import Client  # noqa: PLC0415
    except ImportError as error:
        what = "a cluster is reached through dask, which is not installed"
        raise AskError(Problem("sweep/needs-extra", what, hint='pip install "bestand[cluster]"')) from error
    try:
        client = Client(address, timeout=20)
    except (OSError, ValueError) as error:
        raise AskError(Problem("sweep/no-cluster", f"no scheduler answers at {address}: {error}", hint="such as tcp://host:8786")) from error
    return lambda: cast("Executor", client.get_executor(pure=False))
