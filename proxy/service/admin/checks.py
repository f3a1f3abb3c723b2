"""May these businesses text these consumers? Many pairs at once, as ``POST /v1/check`` answers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import trio

from proxy.config.schema import Config
from proxy.consent.lookups import Consent, ConsentUnreadable
from proxy.consent.numbers import Numbering, Pair
from proxy.consent.policy import is_opted_out
from proxy.consent.scope import Groups
from proxy.consent.written import NumberError, written_business, written_consumer, written_pair, written_pairs
from proxy.ledger.disk.files import LedgerError
from proxy.service.admin.lookup import NO_RECORD
from proxy.service.assembly import groups_of


class Written:
    """How written numbers are read, and which groups they are in, under one configuration."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.numbering = Numbering(config.consent.country)
        self.groups = groups_of(config, self.numbering)

    def business(self, text: str) -> str:
        """The canonical spelling of a business number, sender's name or group; raises ``NumberError``."""
        return written_business(text, self.numbering)

    def consumer(self, text: str) -> str:
        """The canonical spelling of a person's number; raises ``NumberError``."""
        return written_consumer(text, self.numbering)

    def pairs(self, business: str, consumer: str) -> list[Pair]:
        """All pairs that may be meant, the likeliest first; raises ``NumberError``."""
        return written_pairs(business, consumer, self.numbering)

    def pair(self, business: str, consumer: str) -> Pair:
        """Both; raises ``NumberError``."""
        return written_pair(business, consumer, self.numbering)


_ENDS = ("business", "consumer")


Moment = Callable[[], AbstractContextManager[Consent]]
"""Gives consent as it is now."""


async def check_pairs(moment: Moment, written: Written, wanted: Sequence[Any]) -> list[dict[str, Any]]:
    """An answer for each of these JSON objects with ``business`` and ``consumer``, in their order.

    All states are of one moment, after all numbers were read. A pair that can't be read has an answer that says why,
    and may not be texted. Others have their turns between one pair and the next, and while the ledger is read.
    Raises ``LedgerError`` if it can't be.
    """
    found: list[Pair | dict[str, Any]] = []
    for given in wanted:
        found.append(_read(written, given))
        await trio.lowlevel.checkpoint()
    return await trio.to_thread.run_sync(_look_up, moment, written.groups, found)


def _read(written: Written, given: Any) -> Pair | dict[str, Any]:
    try:
        return written.pair(*_ends(given))
    except NumberError as error:
        fields = given if isinstance(given, dict) else {}
        as_given = {end: fields[end] if isinstance(fields.get(end), str) else None for end in _ENDS}
        return {**as_given, "state": "invalid", "may_be_texted": False, "fault": str(error)}


def _ends(given: Any) -> tuple[str, str]:
    if not isinstance(given, dict):
        raise NumberError("pair", "must be an object with business and consumer")
    for end in _ENDS:
        if end not in given:
            raise NumberError(end, "is missing")
        if not isinstance(given[end], str):
            raise NumberError(end, "must be a string")
    if unknown := given.keys() - set(_ENDS):
        raise NumberError("pair", f"has {len(unknown)} more than business and consumer")
    return given["business"], given["consumer"]


def _look_up(moment: Moment, groups: Groups | None, found: Sequence[Pair | dict[str, Any]]) -> list[dict[str, Any]]:
    """Runs in a thread of its own, since the disk may have to be waited for."""
    answers: list[dict[str, Any]] = []
    try:
        with moment() as consent:
            for each in found:
                if isinstance(each, Pair):
                    state = str(consent.state(each) or NO_RECORD)
                    may_be_texted = not is_opted_out(each, groups, consent.state)
                    answers.append({**each._asdict(), "state": state, "may_be_texted": may_be_texted})
                else:
                    answers.append(each)
    except ConsentUnreadable as error:
        raise LedgerError(str(error)) from error
    return answers
