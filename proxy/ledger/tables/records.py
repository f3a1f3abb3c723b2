"""A pair's record in the ledger: what its octets say."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from proxy.consent.rules import State
from proxy.consent.wishes import CONFIRMATION_SECONDS

_RECORD = Struct(">BQQQ")
_WITHOUT_STOP = Struct(">BQQ")
"""As records were before they said which STOP was the last one."""

_OPEN, _CLOSED, _UNCONFIRMED, _DOUBTFUL, _DOUBTFUL_UNCONFIRMED = range(5)


class Kept(NamedTuple):
    """What is kept of a pair.

    ``sequence`` is that of the journal entry that made the state, ``since`` when that was (UTC microseconds). ``stop``
    is the number of the last STOP that was heard for it, counted over the whole ledger, 0 if there was none.
    ``is_unconfirmed``: one message may still confirm the STOP, if it comes in time. ``is_doubtful``: all STOPs of it
    came from addresses that may be another person's.
    """

    state: State
    sequence: int
    since: int
    stop: int = 0
    is_unconfirmed: bool = False
    is_doubtful: bool = False

    def octets(self) -> bytes:
        """The record as it is stored."""
        return _RECORD.pack(self._code(), self.sequence, self.since, self.stop)

    def _code(self) -> int:
        if self.state is State.OPTED_IN:
            return _OPEN
        if self.is_doubtful:
            return _DOUBTFUL_UNCONFIRMED if self.is_unconfirmed else _DOUBTFUL
        return _UNCONFIRMED if self.is_unconfirmed else _CLOSED


def read_record(octets: bytes) -> Kept:
    """What a stored record says."""
    code, sequence, since, *rest = (_RECORD if len(octets) == _RECORD.size else _WITHOUT_STOP).unpack(octets)
    is_doubtful = code in (_DOUBTFUL, _DOUBTFUL_UNCONFIRMED)
    is_unconfirmed = code in (_UNCONFIRMED, _DOUBTFUL_UNCONFIRMED)
    return Kept(state_of(octets), sequence, since, rest[0] if rest else 0, is_unconfirmed, is_doubtful)


def state_of(octets: bytes) -> State:
    """The state that a stored record says, quickly."""
    return State.OPTED_OUT if octets[0] else State.OPTED_IN


class Moment(NamedTuple):
    """A moment by two clocks: UTC, which may be set, and the time since the machine (``boot``) started, which may not.

    Both in microseconds.
    """

    utc: int
    boot: bytes
    since_boot: int


_MOMENT = Struct(">16sQ")
_WINDOW = CONFIRMATION_SECONDS * 1_000_000


def boot_time(moment: Moment) -> bytes:
    """What is kept of when a STOP was heard that may be confirmed."""
    return _MOMENT.pack(moment.boot, moment.since_boot)


def may_confirm(kept: Kept, heard: bytes | None, now: Moment) -> bool:
    """Whether this opt-out may be confirmed now; ``heard`` is what ``boot_time`` gave when it was heard.

    Within five minutes by both clocks, so that one that was set back gives nobody more time; after a start of the
    machine only UTC is left to go by.
    """
    if not kept.is_unconfirmed or not 0 <= now.utc - kept.since <= _WINDOW:
        return False
    boot: bytes
    since_boot: int
    boot, since_boot = _MOMENT.unpack(heard) if heard else (b"", 0)
    return boot != now.boot or now.since_boot - since_boot <= _WINDOW
