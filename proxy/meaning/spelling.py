"""How people type the words of a request, and the words as phrases and classes have them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from proxy.meaning.languages.everyday import NO_SLIPS_OF_OBJECTS
from proxy.meaning.typos import fat_finger, is_unsubscribe, misspellings

_CORRECTED = (
    "texting", "texts", "message", "messages", "messaging", "sending", "unsubscribe", "remove", "number", "stop",
    "quit",
    "notifications", "anymore", "again", "please", "cancel", "alerts", "reminders", "contacting", "spamming",
    "bothering",
    "want", "take", "turn", "never", "send", "receive", "receiving", "stopping", "dont", "delete",
)  # fmt: skip
"""Words of requests that are corrected in a sentence when a finger slipped."""

_RUN = re.compile(r"(\w)\1{2,}")
_TAILS = (
    r"texting|txting|textin|messaging|sending|spamming|texts?|txts?|msgs?|messages?|send|sms|spam|these|this|them|it|all"
    r"|already|now|please|pls|plz|stop|quit|remove|alone|off|out|mynumber|number|list|here|mee?|us|the"
)
_HEADS = r"(?:stop|quit|dont|donot|nomore|remove|unsubscribe|takeme|leaveme|no(?=text|txt|msg|sms|messages|spam))"
_CHAIN = re.compile(rf"(?:please|pls|plz|just|ok){_HEADS}(?:{_TAILS})*|{_HEADS}(?:{_TAILS})+")
_LINK = re.compile(rf"please|pls|plz|just|ok|unsubscribe|donot|dont|no|more|take|leave|my|{_TAILS}")
"""The same, of more words."""

_GLUED = re.compile(
    r"(stop|quit|dont|donot|nomore|please|pls)"
    r"(texting|txting|textin|messaging|msging|sending|spamming|bothering|texts?|txt|msg|messages|send|spam|sms|these|this"
    r"|stop|quit|remove)"
    r"(me|us|mee|this|here)?"
)
"""Words without the space between them."""

_SHORTEST_CHAIN = 5
_LONGEST = 40
"""A word of more letters is left as it is."""


SLIPS_OF_OBJECTS = misspellings(_CORRECTED, fat_finger, NO_SLIPS_OF_OBJECTS)
"""Slips of the finger in the words of a request, none of them a word itself, and what was meant."""


class Spelling:
    """Corrects words one by one; ``known`` are spellings with what they stand for, which count first."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def corrected(self, word: str) -> tuple[str, ...]:
        """The word as phrases have it; one may become several."""
        return tuple(self._correct(word).split()) if len(word) <= _LONGEST else (word,)

    def _correct(self, word: str) -> str:
        if (right := self._known.get(word)) is not None:
            return right
        if (right := SLIPS_OF_OBJECTS.get(word)) is not None:
            return right
        if is_unsubscribe(word):
            return "unsubscribe"
        short = _RUN.sub(r"\1", word)
        if short != word:
            return self._correct(short)
        if len(word) > 6 and (glued := _GLUED.fullmatch(word)):
            return " ".join(self._correct(part) for part in glued.groups() if part)
        if len(word) > _SHORTEST_CHAIN and _CHAIN.fullmatch(word):
            return " ".join(self._correct(part) for part in _LINK.findall(word))
        return word
