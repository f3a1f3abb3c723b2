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
