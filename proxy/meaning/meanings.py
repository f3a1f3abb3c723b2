"""The meanings that a reply can have, and which of them counts where a text can be read in several ways."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Meaning(StrEnum):
    """What the consumer wants."""

    STOP = "stop"
    RESUME = "resume"
    HELP = "help"
    AUTOMATIC = "automatic"
    UNCLEAR = "unclear"
    OTHER = "other"


CAUTION = (Meaning.STOP, Meaning.UNCLEAR, Meaning.HELP, Meaning.AUTOMATIC, Meaning.OTHER, Meaning.RESUME)
"""Which meaning counts when a text can be read in several ways: the first of these."""


class Reading(NamedTuple):
    """A meaning and the words of the text that gave it."""

    meaning: Meaning
    matched: str


def most_cautious(readings: Iterable[Reading]) -> Reading:
    """The reading that counts when one message can be read in several ways."""
    return min(readings, key=lambda reading: CAUTION.index(reading.meaning))
