"""What one language contributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

KINDS = ("automatic", "harmless", "doubt", "stop", "resume", "help", "compound", "scenery", "guard")
"""The kinds of phrases, which are fields of ``Language``."""


@dataclass(frozen=True, slots=True)
class Language:
    """The words and phrases of one language.

    ``classes`` are named sets of words for the phrases to use. Of the phrases, ``automatic`` ones are written by
    telephones and mail systems, not by people; ``harmless`` ones are taken out before anything else is looked for
    ("don't stop"), ``compound`` ("bus stop") and ``scenery`` ("stop smoking") ones only when no request was found; a
    stop word that was left out is still UNCLEAR, but in a compound; ``doubt`` ones make a message UNCLEAR though it
    also asks to stop ("... on weekends", "how do I ..."); ``guard`` ones make it UNCLEAR if nothing else was found,
    because they might be about stopping.
    """

    name: str
    stop_words: tuple[str, ...] = ()
    resume_words: tuple[str, ...] = ()
    help_words: tuple[str, ...] = ()
    courtesy: tuple[str, ...] = ()
    spelling: Mapping[str, str] = field(default_factory=dict)
    """How people type words, and the words as the phrases have them."""
    classes: Mapping[str, str] = field(default_factory=dict)
    automatic: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    doubt: tuple[str, ...] = ()
    harmless: tuple[str, ...] = ()
    compound: tuple[str, ...] = ()
    scenery: tuple[str, ...] = ()
    guard: tuple[str, ...] = ()
    unspaced: tuple[str, ...] = ()
    """Requests to stop in a script without spaces: found anywhere in the text."""
