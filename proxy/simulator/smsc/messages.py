"""Messages as the simulated SMSC keeps them: states, times, delivery receipts."""

from __future__ import annotations

import fnmatch
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from proxy.smpp import fields as pdus
from proxy.smpp.fields import Parsed
from proxy.smpp.message import TAG_MESSAGE_STATE, TAG_RECEIPTED_MESSAGE_ID, Tlv, read_message
from proxy.smpp.pdu import Address
from proxy.smpp.text import Part, read_text

RECEIPT = 0x04
INTERMEDIATE = 0x20
"""Message types in esm_class: an SMSC delivery receipt, an intermediate notification (section 5.2.12)."""


class State(IntEnum):
    """message_state (section 5.2.28)."""

    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8


FINAL = frozenset(State) - {State.ENROUTE, State.ACCEPTED}

RECEIPT_WORDS = {
    State.ENROUTE: "ENROUTE",
    State.DELIVERED: "DELIVRD",
    State.EXPIRED: "EXPIRED",
    State.DELETED: "DELETED",
    State.UNDELIVERABLE: "UNDELIV",
    State.ACCEPTED: "ACCEPTD",
    State.UNKNOWN: "UNKNOWN",
    State.REJECTED: "REJECTD",
}
"""The states as receipts spell them (appendix B)."""


def _state(word: str) -> str:
    """A state by its name, or as receipts spell it, in any case."""
    upper = word.upper()
    spelled = {short: state.name for state, short in RECEIPT_WORDS.items()} | {
        state.name: state.name for state in State
    }
    if upper not in spelled:
        raise ValueError(f"no such state: {word}; known are {', '.join(state.name for state in State)}")
    return spelled[upper]


class Outcome(BaseModel):
    """A rule: which state messages to some destinations end in, after how many seconds, with which network error.

    With a ``probability`` the rule is for that share of all messages that it matches: rules of 0.3 and 0.2 take half of
    them, and the rest goes on to the rules behind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    destination: Annotated[str, Field(description="A pattern: * stands for anything, ? for one character.")] = "*"
    state: Annotated[str, AfterValidator(_state), Field(description="DELIVERED, UNDELIVERABLE, ...")] = "DELIVERED"
    delay: Annotated[float, Field(ge=0, le=86_400, description="Seconds until then.")] = 0.0
    error: Annotated[int, Field(ge=0, le=999, description="The network's error, err: of the receipt.")] = 0
    probability: Annotated[float, Field(ge=0, le=1, description="The share of the messages that it is for.")] = 1.0

    def matches(self, destination: str) -> bool:
        """Whether the rule is for this destination; in its pattern ``*`` stands for any octets and ``?`` for one."""
        return fnmatch.fnmatchcase(destination, self.destination)

    @property
    def final(self) -> State:
        """The state in the end."""
        return State[self.state]


@dataclass
class Message:
    """One message from an ESME to one destination."""

    id: str
    system_id: str
    source: Address
    destination: Address
    frame: bytes
    text: str
    part: Part | None
    registered_delivery: int
    submitted_at: float
    deliver_at: float
    expires_at: float | None
    state: State = State.ENROUTE
    error: int = 0
    done_at: float = 0.0
    number: int = 0
    receipts: list[str] = field(default_factory=list)
    """The states that were reported to the ESME."""

    @property
    def is_final(self) -> bool:
        """Whether its state never changes again."""
        return self.state in FINAL

    def wants_receipt(self) -> bool:
        """Whether its state is to be reported (registered_delivery, section 5.2.17)."""
        wish = self.registered_delivery & 0x03
        if not self.is_final:
            return bool(self.registered_delivery & 0x10)
        return wish == 1 or (wish == 2 and self.state is not State.DELIVERED)

    def receipt_text(self) -> str:
        """The receipt's text (appendix B)."""
        submitted, done = (
            datetime.fromtimestamp(t, UTC).strftime("%y%m%d%H%M") for t in (self.submitted_at, self.done_at)
        )
        delivered = 1 if self.state is State.DELIVERED else 0
        return (
            f"id:{self.id} sub:001 dlvrd:{delivered:03} submit date:{submitted} done date:{done}"
            f" stat:{RECEIPT_WORDS[self.state]} err:{self.error:03} text:{self.text[:20]}"
        )

    def receipt_tlvs(self) -> tuple[Tlv, ...]:
        """The optional parameters of a receipt (sections 5.3.2.12 and 5.3.2.35)."""
        return (
            Tlv(TAG_RECEIPTED_MESSAGE_ID, self.id.encode() + b"\0"),
            Tlv(TAG_MESSAGE_STATE, bytes((self.state,))),
        )


class FromHandset(NamedTuple):
    """A message that was delivered from a handset, and how the ESME answered."""

    number: int
    time: float
    source: str
    destination: str
    text: str
    part: Part | None
    status: str
    """How it was answered; ``no answer`` if it wasn't."""
    system_id: str = ""
    """Who it was delivered to."""


def text_of(frame: bytes) -> tuple[str, Part | None]:
    """A message's text as a person reads it, and which part of a longer one it is, if any."""
    text = read_text(read_message(frame, 0, len(frame)))
    return (text.readings[0] if text.readings else ""), text.part


def text_of_multi(parsed: Parsed) -> tuple[str, Part | None]:
    """The text and the part of a submit_multi, whose layout differs only before its text."""
    fields = {**parsed.fields, "destination_addr": b"", "dest_addr_ton": 0, "dest_addr_npi": 0}
    del fields["dest_address"]
    return text_of(pdus.write("submit_sm", fields, parsed.tlvs))


def new_id() -> str:
    """A message_id that no message has."""
    return secrets.token_hex(8)


_TIME = re.compile(rb"(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([+\-R])")


def read_time(text: bytes, now: float) -> float | None:
    """A schedule_delivery_time or validity_period as seconds since 1970, None if it is empty.

    Absolute ``YYMMDDhhmmsstnnp`` or relative ``YYMMDDhhmmss000R`` (section 7.1.1). Raises ``ValueError``.
    """
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError("neither YYMMDDhhmmsstnnp nor YYMMDDhhmmss000R")
    year, month, day, hour, minute, second, tenth, quarters = (int(group) for group in found.groups()[:8])
    if found[9] == b"R":
        days = year * 365 + month * 30 + day
        return now + timedelta(days=days, hours=hour, minutes=minute, seconds=second).total_seconds()
    local = datetime(2000 + year, month, day, hour, minute, second, tenth * 100_000, UTC)
    offset = timedelta(minutes=15 * quarters)
    return (local - offset if found[9] == b"+" else local + offset).timestamp()


def write_time(seconds: float) -> bytes:
    """A time as query_sm_resp has it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%y%m%d%H%M%S000+").encode()


def outcome_for(destination: str, outcomes: Iterable[Outcome], drawn: float = 0.0) -> Outcome:
    """The outcome of a message to this destination; delivered at once if none is for it.

    ``drawn``, from 0 to 1, decides between those with a probability.
    """
    taken = 0.0
    for outcome in outcomes:
        if outcome.matches(destination):
            taken += outcome.probability
            if drawn < taken:
                return outcome
    return Outcome()
