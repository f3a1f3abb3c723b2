"""The page for compliance, ``proxy/meaning/README.md``: its lists, written anew from the tables.

``python -m tests.meaning.page`` writes them; what a person wrote above them stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import proxy.meaning
from proxy.meaning.alike import MEANT, SLIPPED_IN
from proxy.meaning.clauses import ALONE, BESIDE_OTHERS, INSULTS, THEN
from proxy.meaning.languages import LANGUAGES
from proxy.meaning.languages.classes import CLASSES, ROLES
from proxy.meaning.languages.everyday import (
    DENIES,
    NO_SLIPS,
    NO_SLIPS_OF_OBJECTS,
    NOT_ALIKE,
    UNCLEAR_ALONE,
    UNCLEAR_SLIPS,
)
from proxy.meaning.languages.table import Language
from proxy.meaning.replies import HELP_WORDS, RESUME_WORDS, STOP_WORDS

PAGE = Path(proxy.meaning.__file__).with_name("README.md")
HEADING = "## The lists\n"

NAMES = {
    "en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese", "de": "German", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "ar": "Arabic", "ru": "Russian",
    "uk": "Ukrainian", "vi": "Vietnamese", "tl": "Filipino", "tr": "Turkish",
    "sv": "Swedish, Norwegian, Danish, Finnish", "rest": "Other languages",
}  # fmt: skip
WORDS = {
    "stop_words": "Stop words",
    "resume_words": "Resume words",
    "help_words": "Help words",
    "courtesy": "Courtesy around a keyword",
}
PHRASES = {
    "stop": "Requests to stop",
    "unspaced": "Requests to stop, in a script without spaces",
    "resume": "Requests to resume",
    "help": "Requests for help",
    "automatic": "Automatic replies",
    "harmless": "Harmless: left out before a request is looked for",
    "compound": "Compounds, which are about something else",
    "scenery": "Scenery: left out where no request was found",
    "doubt": "Doubt: UNCLEAR, also beside a request",
    "guard": "Guards: UNCLEAR if nothing else was found",
}


def lists() -> str:
    """The section of the lists, in Markdown."""
    return HEADING + "\n" + "\n".join(_lists()) + "\n"


def _lists() -> Iterator[str]:
    yield "### The settings, where a configuration says nothing\n"
    yield from _words("`stop_words`", STOP_WORDS)
    yield from _words("`resume_words`", RESUME_WORDS)
    yield from _words("`help_words`", HELP_WORDS)
    yield "### In every language\n"
    yield from _words("UNCLEAR as a whole message", sorted(UNCLEAR_ALONE))
    yield from _words("UNCLEAR as a whole message, since they are one slip from a keyword", sorted(UNCLEAR_SLIPS))
    yield from _words("Never the misspelling of a keyword", sorted(NO_SLIPS))
    yield from _words("Never the misspelling of another word of a request", sorted(NO_SLIPS_OF_OBJECTS))
    yield from _words("Recognised by its sound, or with a slip, where the other words make it a request", MEANT)
    yield from _words("Recognised with a slip, where the other words make it a request", sorted(set(SLIPPED_IN)))
    yield from _words("Never taken for a word that it sounds like", sorted(NOT_ALIKE))
    yield from _words("A request as a clause of its own", sorted(ALONE))
    yield from _words("A request as a clause beside others", sorted(BESIDE_OTHERS))
    yield from _words("What follows a STOP that is meant by itself", sorted(THEN))
    yield from _words("What stands before a last STOP that is meant by itself", sorted(INSULTS))
    yield from _words("Words that deny a request to resume", sorted(DENIES))
    for table in LANGUAGES:
        yield from _language(table)
        for each in (each for each in CLASSES if each.family == table.name):
            roles = ((role.replace("_", " "), getattr(each, role)) for role in ROLES)
            yield from _block(f"Classes of the grammar ({each.name})", (f"{role}: {w}" for role, w in roles if w))


def _language(table: Language) -> Iterator[str]:
    yield f"### {NAMES[table.name]}\n"
    for field, title in WORDS.items():
        yield from _words(title, getattr(table, field))
    yield from _words("Spelling", (f"{wrong} = {right}" for wrong, right in table.spelling.items()))
    yield from _block("Classes of words", (f"{name}: {words}" for name, words in table.classes.items()))
    for field, title in PHRASES.items():
        yield from _block(title, getattr(table, field))


def _words(title: str, words: Iterable[str]) -> Iterator[str]:
    if text := ", ".join(words):
        yield f"**{title}:** {text}\n"


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    if text := "\n".join(lines):
        yield f"**{title}:**\n\n```\n{text}\n```\n"


if __name__ == "__main__":
    written = PAGE.read_text("utf-8").partition(HEADING)[0]
    PAGE.write_text(written + lists(), "utf-8")
