"""Cases kept as they once were, for answers that were worked out by other means and stand in the tests."""

import pathlib

TALKS = pathlib.Path(__file__).parent / "talks"
