"""Slips of the finger: words one edit away from a keyword that are no words themselves."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator

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


def misspellings(
    words: Iterable[str], edits: Callable[[str], Iterable[str]], real_words: Iterable[str] = REAL_WORDS
) -> dict[str, str]:
    """What these edits make of words, and the word that was meant: the first one. None of them is a word itself."""
    found: dict[str, str] = {}
    words = tuple(words)
    for word in words:
        for misspelling in edits(word):
            found.setdefault(misspelling, word)
    for real in (*real_words, *words):
        found.pop(real, None)
    return found


def one_edit_away(keywords: Iterable[str]) -> dict[str, str]:
    """Every misspelling by one insertion, deletion, substitution or swap, and the keyword that was meant.

    Of single words from ``SHORTEST`` letters on, and of "stop"; never a word of ``REAL_WORDS``, nor a keyword.
    """
    keywords = sorted(keywords)
    edited = (w for w in keywords if w.isascii() and w.isalpha() and (len(w) >= SHORTEST or w == "stop"))
    return misspellings(edited, _edits, (*REAL_WORDS, *keywords))


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

_NUMBERS_ABOVE = dict(zip("qwertyuiop", ("12", "23", "34", "45", "56", "67", "78", "89", "90", "0"), strict=True))


def _neighbours(letter: str) -> str:
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
        for near in _neighbours(letter):
            yield head + near + tail
            yield head + near + letter + tail
            yield head + letter + near + tail
        yield head + letter + letter + tail
        if len(word) > 3:
            yield head + tail
        if tail and tail[0] != letter:
            yield head + tail[0] + letter + tail[1:]


SLIPS = misspellings(("stop", "quit", "end", "unsub"), fat_finger) | {"sopt": "stop", "spto": "stop"}
"""Slips of the shortest keywords, and which it was. They have too many neighbours that are words to count inside a
sentence: they do as the whole message, and joined with another keyword."""

NEARLY = REAL_WORDS.intersection((*fat_finger("stop"), *_edits("stop")))
"""Real words that are one slip from "stop" ("shop", "atop"): as the whole message they are unclear."""

SLIPS_OF_OPT_OUT = frozenset(("ot out", "op out", "pt out", "opt ot", "opt ut", "opt ou")) | frozenset(
    (*(f"{opt} out" for opt in fat_finger("opt")), *(f"opt {out}" for out in fat_finger("out")))
) - {"opt in", "opt out"}
"""Slips of the finger in "opt out"."""


def distance(one: str, other: str, most: int) -> int:
    """How many letters are inserted, left out, replaced or swapped between two words, as far as ``most``."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        before_that, before, row = before, row, [i + 1]
        for j, wanted in enumerate(other):
            row.append(min(before[j] + (letter != wanted), before[j + 1] + 1, row[j] + 1))
            if i and j and letter == other[j - 1] and one[i - 1] == wanted:
                row[-1] = min(row[-1], before_that[j - 1] + 1)
        if min(row) > most:
            return most + 1
    return row[-1]


def is_unsubscribe(word: str) -> bool:
    """Whether the word is meant as "unsubscribe", which few spell right and no other word is like."""
    return word.startswith("uns") and word not in _OF_UNSUBSCRIBE and distance(word, "unsubscribe", 3) <= _FAR


_FAR = 3
_OF_UNSUBSCRIBE = frozenset(("unsubscribed", "unsubscribes", "unsubscriber", "unsubscribers", "unsubscribing"))
