"""Names of other programs' files as names of a case: readable, in one line, none twice."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from bestand.errors import short

_CYRILLIC = {
    **dict(zip("абвгґдезиіклмнопрстуфыэ", "abvggdeziiklmnoprstufye", strict=True)),
    **{"є": "ye", "ж": "zh", "ї": "yi", "й": "y", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"},
    **{"ё": "yo", "ў": "u", "ъ": "", "ь": ""},
}
_GREEK = {
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)),
    **{"θ": "th", "χ": "ch", "ψ": "ps"},
}
_LATIN = {**_CYRILLIC, **_GREEK, "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"}
_WORDS = {"and", "or", "not", "implies", "iff", "true", "false"}


def clean(name: object) -> str:
    """A name in one line, without signs that nobody sees.

    >>> clean("A\\u202e  B")
    'A B'
    """
    seen = "".join(" " if sign.isspace() else sign for sign in str(name) if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    return short(" ".join(seen.split()), most=500)


def ascii_name(name: str) -> str:
    """A name in printable ASCII, as Gambit wants its labels: letters without their marks, Greek and Cyrillic spelt out, `?` for others.

    >>> ascii_name("Oekraïne — Øst"), ascii_name("Київ"), ascii_name("東京")
    ('Oekraine - Ost', 'Kiyiv', '??')
    """
    spelt = []
    for sign in clean(name).replace("“", '"').replace("”", '"').replace("’", "'").replace("–", "-").replace("—", "-"):
        plain = _LATIN.get(sign.lower())
        if plain is None:
            bare = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
            plain = bare or ("" if unicodedata.combining(sign) else "?")
        elif sign.isupper():
            plain = plain[:1].upper() + plain[1:]
        spelt.append(plain)
    return " ".join("".join(spelt).split())


def slug(name: str, taken: Iterable[str], otherwise: str) -> str:
    """A name for the file that is not taken yet: Latin letters, digits and underscores; `otherwise` for other scripts.

    >>> slug("Hold fire", ["hold_fire"], "lever"), slug("停火", [], "lever")
    ('hold_fire_2', 'lever')
    """
    latin = "".join(_LATIN.get(sign, _LATIN.get(unicodedata.normalize("NFD", sign)[0], sign)) for sign in name[:200].lower())
    plain = re.sub(r"[^a-z0-9]+", "_", unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()).strip("_")[:60]
    plain = plain or otherwise
    plain = plain if plain[0].isalpha() and plain not in _WORDS else f"n_{plain}"
    known = set(taken)
    return next(s for s in itertools.chain([plain], (f"{plain}_{k}" for k in itertools.count(2))) if s not in known)


def slugs(names: Iterable[str], otherwise: str) -> tuple[str, ...]:
    """Names for the file, one for each, all different.

    >>> slugs(["Up", "up", "下"], "choice")
    ('up', 'up_2', 'choice_3')
    """
    made: dict[str, None] = {}
    for k, name in enumerate(names, start=1):
        made[slug(name, made, f"{otherwise}_{k}")] = None
    return tuple(made)
