"""Parts of replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from proxy.consent.numbers import Ends, Pair, Spelling
from proxy.consent.wishes import Change, Offer, Origin, PartOfText
from tests.ledger.samples import PAIR


class Heard:
    """Remembers whole texts, and asks for ``change``."""

    known: ClassVar[dict[str, Heard]] = {}

    def __init__(self, change: Change | None = None) -> None:
        self.origin = Origin(f"route {len(self.known)}", "", "")
        self.known[self.origin.route] = self
        self.texts: list[str] = []
        self.certain: list[bool] = []
        self.change = change

    def __call__(self, texts: Sequence[str], is_certain: bool) -> list[Change]:
        self.texts += texts
        self.certain.append(is_certain)
        return [self.change] if self.change else []


def decide(part: PartOfText, texts: Sequence[str], is_certain: bool) -> Sequence[Change]:
    """What the one wants who was named when the part was made."""
    return Heard.known[part.origin.route](texts, is_certain)


def part(
    number: int,
    text: str | Mapping[str, str],
    heard: Heard,
    *,
    total: int = 2,
    reference: int = 7,
    pair: Pair = PAIR,
    stops: int | None = None,
    is_short: bool = True,
    says_stop: bool = False,
) -> PartOfText:
    texts = {"gsm": text} if isinstance(text, str) else text
    ends = Ends(Spelling(pair.business), Spelling(pair.consumer))
    offer = Offer(pair, b"fp", stops)
    return PartOfText(offer, ends, heard.origin, reference, total, number, texts, is_short, says_stop)
