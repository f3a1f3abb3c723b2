"""Parts of replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from proxy.consent.numbers import Pair
from proxy.consent.rules import Change, Offer, PartOfText
from tests.ledger.samples import PAIR


class Heard:
    """Remembers whole texts, and asks for ``change``."""

    def __init__(self, change: Change | None = None) -> None:
        self.texts: list[str] = []
        self.certain: list[bool] = []
        self.change = change

    def __call__(self, texts: Sequence[str], is_certain: bool) -> list[Change]:
        self.texts += texts
        self.certain.append(is_certain)
        return [self.change] if self.change else []


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
    return PartOfText(Offer(pair, b"fp", stops), reference, total, number, texts, is_short, says_stop, heard)
