"""Slips of the finger: words one edit away from a keyword that are no words themselves."""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator

from proxy.meaning.languages.everyday import NO_SLIPS

SHORTEST = 6
"""Keywords shorter than this have too many real words for neighbours; only STOP is an exception."""

REAL_WORDS = NO_SLIPS.union(
    [
        "stoop",
        "stoops",
        "shop",
        "ship",
        "step",
        "steps",
        "top",
        "tops",
        "stops",
        "stoppe",
        "slop",
        "swop",
        "stow",
        "stomp",
        "strop",
        "stoup",
        "atop",
        "estop",
        "spot",
        "sop",
        "sot",
        "stoa",
        "stood",
        "stool",
        "story",
        "store",
        "storm",
        "stock",
        "stoic",
        "stone",
        "stove",
        "stout",
        "stot",
        "slot",
        "snot",
        "shot",
        "soup",
        "soap",
        "sto",
        "stp",
        "stob",
        "stap",
        "stoke",
        "stole",
        "cancer",
        "cancers",
        "cancels",
        "chancel",
        "canceled",
        "cancelled",
        "canal",
        "candle",
        "camel",
        "remote",
        "removed",
        "remover",
        "removes",
        "removal",
        "revoked",
        "revokes",
        "evoke",
        "evokes",
        "provoke",
        "revolve",
        "revove",
        "subscribe",
        "subscribed",
        "subscriber",
        "unsubscribed",
        "resume",
        "parking",
        "arrest",
        "caret",
        "barret",
        "garret",
        "parar",
        "sparar",
        "cancela",
        "cancelo",
        "optoutt",
        "entrer",
        "parer",
        "retirer",
        "remove",
        "remodel",
        "relieve",
        "receive",
        "reprove",
        "believe",
        "anular",
        "annular",
        "removing",
        "arrested",
        "terminate",
        "detenes",
        "detener",
        "eliminate",
        "eliminar",
        "stopping",
    ]
)
"""Neighbours of keywords that mean something else."""

_LETTERS = string.ascii_lowercase + string.digits


def one_edit_away(keywords: Iterable[str]) -> dict[str, str]:
    """Every misspelling by one insertion, deletion, substitution or swap, and the keyword that was meant.

    Of single words from ``SHORTEST`` letters on, and of "stop"; never a word of ``REAL_WORDS``.
    """
    found: dict[str, str] = {}
    keywords = sorted(keywords)
    for word in keywords:
        if word.isascii() and word.isalpha() and (len(word) >= SHORTEST or word == "stop"):
            for misspelling in _edits(word):
                found.setdefault(misspelling, word)
    for real in (*REAL_WORDS, *keywords):
        found.pop(real, None)
    return found


def _edits(word: str) -> Iterator[str]:
    for i in range(len(word) + 1):
        head, tail = word[:i], word[i:]
        for letter in _LETTERS:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]
        if tail and len(word) > 4:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

_NUMBERS_ABOVE = {
    "q": "12",
    "w": "23",
    "e": "34",
    "r": "45",
    "t": "56",
    "y": "67",
    "u": "78",
    "i": "89",
    "o": "90",
    "p": "0",
}


def neighbours(letter: str) -> str:
    """The keys around a letter on a keyboard of letters, QWERTY, with the digits above it."""
    found = _NUMBERS_ABOVE.get(letter, "")
    for number, row in enumerate(_KEYS):
        if (place := row.find(letter)) >= 0:
            found += row[max(0, place - 1) : place] + row[place + 1 : place + 2]
            for other in _KEYS[max(0, number - 1) : number] + _KEYS[number + 1 : number + 2]:
                found += other[max(0, place - 1) : place + 2]
    return found


def fat_finger(word: str) -> Iterator[str]:
    """What becomes of a word if a neighbouring key is hit, or a letter is doubled, dropped or swapped with the next."""
    for i, letter in enumerate(word):
        head, tail = word[:i], word[i + 1 :]
        for near in neighbours(letter):
            yield head + near + tail
            yield head + near + letter + tail
            yield head + letter + near + tail
        yield head + letter + letter + tail
        if len(word) > 3:
            yield head + tail
        if tail and tail[0] != letter:
            yield head + tail[0] + letter + tail[1:]


def slips_of_short(keywords: Iterable[str]) -> dict[str, str]:
    """Slips of the finger in keywords that have too many real words for neighbours to count inside a sentence."""
    found: dict[str, str] = {}
    keywords = tuple(keywords)
    for word in keywords:
        for slip in fat_finger(word):
            found.setdefault(slip, word)
    for real in (*REAL_WORDS, *keywords):
        found.pop(real, None)
    return found


SLIPS = slips_of_short(("stop", "quit", "end"))
"""Slips of the shortest keywords, and which it was; they count as the whole message, and joined by a "2"."""

NEARLY = frozenset(REAL_WORDS.intersection(*[{*fat_finger("stop"), *_edits("stop")}]))
"""Real words that are one slip from "stop" ("shop", "atop"): as the whole message they are unclear."""

SLIPS_OF_OPT_OUT = frozenset(
    f"{opt} {out}"
    for opt in ("opt", *fat_finger("opt"))
    for out in ("out", *fat_finger("out"))
    if opt == "opt" or out == "out"
) - {"get out", "got out", "not out", "set out", "put out", "pop out", "opt in", "of out"}
"""Slips of the finger in "opt out"."""
