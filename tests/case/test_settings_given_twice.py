"""A lever has one setting in a state: two of them are refused, not the first one dropped."""

import pytest

from bestand.errors import AskError
from bestand.graph.naming import settings_of


def test_a_lever_cannot_be_put_to_two_settings_at_once():
    with pytest.raises(AskError, match="put to 'yes' and to 'no'"):
        settings_of("a.x=yes, b.y=no, a.x=no")
    assert settings_of("a.x=yes, a.x=yes") == {"a.x": "yes"}
