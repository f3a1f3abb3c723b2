"""Signs of a STOP beside the phrases: keywords joined ("Stop2End"), disguised ("$top") or shouted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from proxy.meaning.languages.everyday import UNCLEAR_SLIPS
from proxy.meaning.typos import SLIPS, fat_finger, misspellings

_WHOLE = frozenset(("stop", "stopp", "quit", "end", "unsubscribe", "unsub", "cancel", "optout"))
_KEYS = frozenset(_WHOLE | SLIPS.keys() | set(fat_finger("optout")) | set(fat_finger("unsubscribe"))) - UNCLEAR_SLIPS
_REAL = ("shop", "spot", "step", "quiet", "quite", "stops", "stopped")
_ELSEWHERE = ("alto", "basta", "baja", "parar", "pare", "arret", "arrete", "stopp")
_FIRST_BY_NUMBER = _KEYS.union(fat_finger("stop"), fat_finger("quit"), _REAL, _ELSEWHERE)
_SECOND_BY_NUMBER = _FIRST_BY_NUMBER.union(fat_finger("end"), ("bend", "and", "nd", "en", "ed", "dne", "sned", "ebnd"))
"""What counts as a keyword where a digit joins it with another: real words too."""

_BESIDE_WHOLE = _SECOND_BY_NUMBER - {"send", "ends", "suit", "quilt", "shop", "step", "spot", "quiet", "quite"}
"""What counts where a word joins it with a keyword that is spelled right."""

_JOINERS = (
    "2", "3", "to", "two", "tow", "too", "and", "or", "n", "4", "1", "w", "tp", "ti", "yo", "ro", "t0", "2o", "2to",
    "22", "",
)  # fmt: skip
"""What stands between the two in such an instruction, with slips."""

_DETERMINERS = frozenset((
    "a", "an", "all", "any", "at", "by", "her", "his", "in", "it", "its", "my", "of", "on", "our", "that", "the",
    "their", "these", "this", "those", "your", "which",
))  # fmt: skip
"""What shows behind two keywords that they are no instruction ("stop to end this")."""

_SHORTEST_JOINED, _LONGEST_JOINED, _MOST_WORDS = 6, 24, 4

_START = 3
"""No keyword is shorter."""

_BEGINNINGS = frozenset(key[:n] for key in _FIRST_BY_NUMBER for n in range(_START, len(key) + 1))
"""How a keyword begins, slips and all."""

_BY_NUMBER, _BY_WORD, _BY_WORD_TO_WHOLE, _AT_ONCE = (1 << n for n in range(4))
_END = 4
"""How a second keyword may be joined, as bits; so many bits further if it is "end", which joins no other "end"."""


def _rests() -> dict[str, int]:
    """All that may stand behind a first keyword, a joiner and a second one, and how they are joined then."""
    found: dict[str, int] = {}
    words = [joiner for joiner in _JOINERS if joiner and not joiner.isdigit()]
    for joiners, seconds, how in (
        (filter(str.isdigit, _JOINERS), _SECOND_BY_NUMBER, _BY_NUMBER),
        (words, _BESIDE_WHOLE, _BY_WORD),
        (words, _WHOLE, _BY_WORD_TO_WHOLE),
        (("",), _KEYS, _AT_ONCE),  # not "stipend"
    ):
        for joiner in joiners:
            for second in seconds:
                found[joiner + second] = found.get(joiner + second, 0) | how << (_END if second == "end" else 0)
    return found


def _joins(first: str) -> int:
    """How a first keyword may be joined with a second."""
    how = _BY_NUMBER
    if first in _WHOLE:
        how |= _BY_WORD | _AT_ONCE
    elif first in _KEYS:
        how |= _BY_WORD_TO_WHOLE
    return how if first == "end" else how | how << _END


_RESTS, _JOINS = _rests(), {first: _joins(first) for first in _FIRST_BY_NUMBER}

_ANY = "|".join(sorted(_SECOND_BY_NUMBER | {"ending"}))
_ANY_JOINED = re.compile(rf"(?:{_ANY}|st[a-z]{{1,2}}p) ?(?:2|to|too|two|tow|or|2 2|and) ?(?:{_ANY})")
"""A whole message of two keywords, where real words count on either side: "Stop to quite"."""

_SLIPS = frozenset(
    misspellings(
        (
            first + joiner + second
            for first in ("stop", "quit", "end", "cancel", "unsubscribe")
            for joiner in ("2", "to", "or")
            for second in ("stop", "quit", "end", "cancel", "unsubscribe", "optout")
        ),
        fat_finger,
    )
)
"""Two joined keywords with one slip wherever it may be, in the joiner too: none of these is a word."""

_SHORTEST_TWICE = 12
_STARTS = frozenset(each[:_START] for each in _BEGINNINGS | _SLIPS)

_TWICE = re.compile(r"(\w{6,12}?)\1+")
"""Joined keywords that are written twice without a space."""

_REPEATED = re.compile(r"(?:stop){2,}")

_DISGUISED = re.compile(
    r"[sSſ$5§](?<![\w$§].)[-._*~]?[tT+7†][-._*~]?(?:[oO0øØöÖ@*🛑⛔]|\(\)|\[\])[-._*~]?[pP]+(?![^\W2])", re.DOTALL
)
"""STOP with signs for letters or between them, as one word. What stands before it is looked at after its first letter,
and both cases are spelled out: so the search leaps from S to S."""

_SHOUTED = re.compile(r"(?<![\w-])(?:STOP|QUIT|UNSUBSCRIBE|END)$")
"""A keyword in capitals at the end."""

_OPENED = re.compile(r"\W*(?P<key>STOP|UNSUBSCRIBE|QUIT)[ ,]+(?P<then>\w+)")
"""A keyword in capitals at the start, and the word behind it."""

_SCENERY = frozenset((
    "by", "at", "in", "on", "over", "off", "the", "a", "an", "or", "and", "to", "sign", "signs", "light", "lights",
    "watch", "is", "was", "means", "vs", "then", "for", "it", "lol", "haha", "jk", "wait", "nvm", "maybe", "omg",
    "help", "start", "2", "jokes", "kidding",
))  # fmt: skip
"""What makes it something else ("STOP sign")."""

_ASKING = frozenset(("is", "does", "did", "which", "what", "whats", "how", "should", "why", "do"))
_SHORTEST_QUESTION = 3

_SPOKEN_OF = re.compile(
    r"\b(?:mean to|meant to"
    r"|reply|replied|respond|text|texted|texting|txt|send|sent|type|typed|say|said|word|bus|full|one|a|the|dont)\W*$",
    re.IGNORECASE,
)
"""What stands before a keyword that is spoken of, or is something else."""


_BEFORE = 40
"""Characters before a keyword that are looked at."""


_SIGN_FOR_THE_WORD = re.compile(r"🛑\s*(?=[^\W\d_])")
"""🛑 texting me"""


def undisguised(text: str) -> str:
    """The text with STOP where signs were written for its letters, or a stop sign for the word before others."""
    text = _DISGUISED.sub(_as_letters, text)
    return _SIGN_FOR_THE_WORD.sub("stop ", text) if "🛑" in text else text


def _as_letters(found: re.Match[str]) -> str:
    return found.group() if found.group().isalpha() else "STOP"


def may_open(word: str) -> bool:
    """Whether joined keywords can begin with this word: only then ``joined`` finds any in more than a few words."""
    if word in _SLIPS:
        return True
    if word[:_START] not in _BEGINNINGS:
        return False
    return word in _BEGINNINGS or any(word[:length] in _FIRST_BY_NUMBER for length in range(_START, len(word)))


def joined(words: Sequence[str]) -> str | None:
    """Two keywords that an instruction joins, in the plain words of a message: "stop2end", "Quit yo ens".

    With slips on either side, and as one word or up to four.
    """
    if len(words) == 1 and _REPEATED.fullmatch(words[0]):
        return "stop"
    if len(words) <= _MOST_WORDS and ("".join(words) in _SLIPS or _ANY_JOINED.fullmatch(" ".join(words))):
        return " ".join(words)
    for n, word in enumerate(words):
        if word[:_START] not in _STARTS:
            continue
        if word[-1] in "12" and len(word) > _SHORTEST_JOINED and joined((word[:-1],)) is not None:
            return word
        if word in _SLIPS or (len(word) >= _SHORTEST_TWICE and _is_twice(word)):
            return word
        if word[:_START] not in _BEGINNINGS:
            continue
        taken = words[n : n + _MOST_WORDS]
        letters = "".join(taken)
        firsts = list(_firsts(letters))
        end = 0
        for behind, each in enumerate(taken if firsts else (), n + 1):
            end += len(each)
            if (
                _SHORTEST_JOINED <= end <= _LONGEST_JOINED
                and any(_JOINS[letters[:length]] & _RESTS.get(letters[length:end], 0) for length in firsts)
                and (behind == n + 1 or _DETERMINERS.isdisjoint(words[behind : behind + 1]))
            ):
                return " ".join(words[n:behind])
    return None


def _is_twice(word: str) -> bool:
    twice = _TWICE.fullmatch(word)
    return twice is not None and may_open(twice[1]) and joined((twice[1],)) is not None


def _firsts(letters: str) -> Iterator[int]:
    """How long the keywords are that the letters begin with."""
    for length in range(_START, len(letters) + 1):
        if letters[:length] not in _BEGINNINGS:
            return
        if letters[:length] in _JOINS:
            yield length


def is_spoken_of(words: Sequence[str], signal: str) -> bool:
    """Whether an instruction is repeated, or asked about: "Reply stop2end", "Does Stop2End work?"."""
    plain = " ".join(word for word in words if word not in (".", "?"))
    if _SPOKEN_OF.search(plain, 0, max(0, plain.rfind(signal))):
        return True
    ends = [n for n, word in enumerate(words) if word in (".", "?")]
    first = words[: ends[0]] if ends else words
    return len(first) >= _SHORTEST_QUESTION and (first[0] in _ASKING or first[-1] == "what")


def shouted(text: str) -> str | None:
    """A keyword in capitals as the last word of a message that isn't all in capitals, and asks nothing."""
    if "?" in text or not any(map(str.islower, text)):
        return None
    if (opening := _OPENED.match(text)) and opening["then"].lower() not in _SCENERY:
        return opening["key"].lower()
    bare = text.rstrip(" \t\n.!,;:*\"'()-")
    found = _SHOUTED.search(bare, max(0, len(bare) - _BEFORE))
    if found is None or not found.start() or _SPOKEN_OF.search(bare, max(0, found.start() - _BEFORE), found.start()):
        return None
    return found.group().lower()
