"""What people write when they want messages to stop, or to come again: one table for each language.

A table holds words (a whole message) and phrases (found inside a message). Both are compared
after normalisation: lower case, no accents, no punctuation, apostrophes closed up (``don't`` is
``dont``). The notation of phrases is that of ``proxy.meaning.phrases``.
"""

from __future__ import annotations

from proxy.meaning.languages import de, en, es, fr, it, nl, others, pl, pt
from proxy.meaning.languages.table import Language

LANGUAGES: tuple[Language, ...] = (
    en.TABLE,
    es.TABLE,
    fr.TABLE,
    pt.TABLE,
    de.TABLE,
    it.TABLE,
    nl.TABLE,
    pl.TABLE,
    *others.TABLES,
)
"""All of them are always on: nobody says in advance which language they will answer in."""

LANGUAGE_NAMES = tuple(table.name for table in LANGUAGES)
"""What a setting calls them; "sv" is all Scandinavian languages and Finnish, "rest" those that have no name here."""
