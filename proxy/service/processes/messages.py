"""What the supervisor and a worker say to each other: orders one way, news the other.

On the wire a message is a line: its kind, a space, and its fields as a JSON object. A line that is anything else than
one of the kinds that may go that way, with just its fields in just their types, is a ``MessageError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import TypeAdapter, ValidationError

from proxy.ledger.disk.files import Mark
from proxy.net.captures import Capture
from proxy.net.endpoints import Endpoint
from proxy.net.happenings import Bound, Connected, Ended
from proxy.service.processes.statuses import SessionStatus
from proxy.service.telemetry.counters import Snapshot

Question = Literal["report", "status"]
"""What a worker can be asked for."""


class MessageError(Exception):
    """A line that is no message which may come from the other end; says of which kind it is and what is wrong."""


# Orders: from the supervisor.


@dataclass(frozen=True, slots=True)
class Start:
    """The first of all: the configuration as JSON, the worker's number, and the secret of the log in hexadecimal.

    ``ledger`` is what the supervisor's is told by; the worker opens that one and no other. ``deadline`` is the file
    descriptor of that up to which this node of a cluster may serve; -1 without a cluster.
    """

    config: str
    number: int
    log_key: str
    ledger: Mark
    deadline: int = -1


@dataclass(frozen=True, slots=True)
class Connection:
    """Relay this connection, whose socket comes with the message; the only message with one.

    ``carrier`` and ``address`` are those that its client is connected to already, as a ``Connected`` told.
    """

    connection: int
    route: str
    carrier: str = ""
    address: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class EndConnection:
    """End a connection's session because a limit is reached."""

    connection: int
    route: str
    reason: str


@dataclass(frozen=True, slots=True)
class Prepare:
    """Make all that this configuration (JSON) needs, and change nothing yet; answered by ``Prepared``."""

    reload: int
    config: str


@dataclass(frozen=True, slots=True)
class Apply:
    """Go by what was prepared for this reload; answered by ``Applied``."""

    reload: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Answer with a ``Report`` or a ``Status``."""

    what: Question


@dataclass(frozen=True, slots=True)
class Drain:
    """End all sessions, answers in flight first, and then yourself."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The answer to ``Wished``: the entries that were made, as text, or why nothing was done."""

    number: int
    made: str = "[]"
    fault: str = ""


@dataclass(frozen=True, slots=True)
class EndCapture:
    """Tell no more of what a ``Capture`` asked for."""

    number: int


Order = Start | Connection | EndConnection | Prepare | Apply | Ask | Drain | Recorded | Capture | EndCapture


# News: from a worker.


@dataclass(frozen=True, slots=True)
class Ready:
    """It takes connections from now on."""


@dataclass(frozen=True, slots=True)
class Failed:
    """It can't start, and ends."""

    reason: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The answer to ``Prepare``; ``fault`` says why it can't, and is empty if it can."""

    reload: int
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Applied:
    """The answer to ``Apply``."""

    reload: int


@dataclass(frozen=True, slots=True)
class Binds:
    """How many binds were asked for on which connections since the last of these."""

    counts: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All counts; comes every second, which tells that the worker lives."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Status:
    """Every session as it stands."""

    sessions: tuple[SessionStatus, ...]


@dataclass(frozen=True, slots=True)
class Draining:
    """It was told to end by a signal: it takes no more connections."""


@dataclass(frozen=True, slots=True)
class Wished:
    """Make these wishes, as text, durable for the whole cluster; answered by ``Recorded``.

    ``given_up_at`` is when nobody waits for that any more, in seconds since the machine started.
    """

    number: int
    wishes: str
    given_up_at: float


@dataclass(frozen=True, slots=True)
class Remembered:
    """The same as soon as it can be done, without an answer."""

    wishes: str


@dataclass(frozen=True, slots=True)
class Captured:
    """A record of a capture, as pcapng in base64; empty when there is no room for more."""

    number: int
    record: str


News = (
    Ready
    | Failed
    | Prepared
    | Applied
    | Connected
    | Binds
    | Bound
    | Ended
    | Report
    | Status
    | Draining
    | Wished
    | Remembered
    | Captured
)


_KINDS: dict[str, TypeAdapter[Order | News]] = {
    kind.__name__: TypeAdapter(kind) for kind in (*get_args(Order), *get_args(News))
}


def encode(message: Order | News) -> bytes:
    """The line of a message, its end included."""
    kind = type(message).__name__
    return kind.encode() + b" " + _KINDS[kind].dump_json(message) + b"\n"


def decode_order(line: bytes) -> Order:
    """The order that a line without its end holds; raises ``MessageError``."""
    message = _decode(line)
    if not isinstance(message, Order):
        raise MessageError(f"{type(message).__name__} is not an order")
    return message


def decode_news(line: bytes) -> News:
    """The news that a line without its end holds; raises ``MessageError``."""
    message = _decode(line)
    if not isinstance(message, News):
        raise MessageError(f"{type(message).__name__} is not news")
    return message


def _decode(line: bytes) -> Order | News:
    kind, _, fields = line.partition(b" ")
    known = _KINDS.get(kind.decode("ascii", "replace"))
    if known is None:
        raise MessageError(f"{kind[:40]!r} is not a kind of message")
    try:
        return known.validate_json(fields, strict=True, extra="forbid")
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, fault["loc"])) or "its fields"
        raise MessageError(f"{kind.decode()}: {where}: {fault['msg']}") from None
