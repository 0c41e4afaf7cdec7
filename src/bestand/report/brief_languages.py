"""What a brief says of words that stand in another language than its own."""

from __future__ import annotations

from collections.abc import Iterator

from bestand.case.translations import in_other_languages
from bestand.report.sentence import PlacedSentence
from bestand.study.everything import Study
from bestand.telling.telling import Telling

NAMED = ("de", "en", "fr", "nl")  # languages that the page has a name for


def other_languages(study: Study, telling: Telling) -> Iterator[PlacedSentence]:
    """That words stand in the language of their source, where the case does not have them in that of the page."""
    counts = in_other_languages(study.case.file, telling.say.language)
    if counts:
        named = [telling.say(f"language_{each}") if each in NAMED else telling.say("language_other", language=each) for each in counts]
        told = telling.say("brief_unknown_language", n=sum(counts.values()), languages=telling.say.listed(named))
        yield PlacedSentence(told, "parties")
