"""The vocabulary of a session: what it asks its conversation to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from proxy.consent.wishes import Wish
from proxy.net.sides import Side
from proxy.smpp import pdu
from proxy.smpp.pdu import PduError

EndedBy = Literal[
    "esme", "smsc", "unbind", "drain", "idle", "bind_timeout", "frame_error", "limit", "no_carrier", "internal"
]
"""What ends a session; a label of ``sessions_ended_total``."""


class Send(NamedTuple):
    """Send these octets to a side: whole PDUs."""

    to: Side
    data: bytes


class Record(NamedTuple):
    """Make these wishes durable, then hand this to ``Session.recorded``. Always the last of its list.

    ``batch`` is what of one read waits for that.
    """

    side: Side
    wishes: tuple[Wish, ...]
    batch: Batch


class Remember(NamedTuple):
    """Make these wishes durable as soon as that can be done; nothing waits for it."""

    wishes: tuple[Wish, ...]


class HalfClose(NamedTuple):
    """Tell a side that nothing more will be sent to it; it may still send."""

    to: Side


class Note(NamedTuple):
    """Something to log."""

    event: str
    fields: dict[str, Any]


class End(NamedTuple):
    """Close both connections."""

    ended_by: EndedBy
    reason: str


Action = Send | Record | Remember | HalfClose | Note | End


class Edit(NamedTuple):
    """Octets ``start`` to ``end`` of a batch leave as ``replacement``: the frames we did not pass as they were."""

    start: int
    end: int
    replacement: bytes = b""


def assemble(buffer: bytes, end: int, edits: Sequence[Edit] = ()) -> bytes:
    """``buffer[:end]`` with the edits made; without any it is the buffer itself where it can be.

    Raises ``ValueError`` for edits that are not in the order of the octets, or overlap: they would duplicate octets.
    """
    if not edits:
        return buffer if end == len(buffer) else buffer[:end]
    parts: list[bytes] = []
    position = 0
    for edit in edits:
        if edit.start < position:
            raise ValueError(f"an edit from {edit.start} on stands behind one that ends at {position}")
        parts += (buffer[position : edit.start], edit.replacement)
        position = edit.end
    parts.append(buffer[position:end])
    return b"".join(parts)


@dataclass(slots=True)
class Batch:
    """What becomes of the frames of one read: passed on but for the edits, and answered by us in their place."""

    buffer: bytes
    end: int = 0
    edits: list[Edit] = field(default_factory=list)
    answers: list[bytes] = field(default_factory=list)
    """What we answer to the side that it came from."""

    def sends(self, side: Side) -> list[Action]:
        """Our answers back to ``side``, and what passes on to the other."""
        actions: list[Action] = []
        if self.answers:
            actions.append(Send(side, b"".join(self.answers)))
        if passed := assemble(self.buffer, self.end, self.edits):
            actions.append(Send(side.other, passed))
        return actions


def unreadable(side: Side, command: int, sequence: int, error: PduError) -> Note:
    """The note for a PDU whose mandatory fields can't be read."""
    said = {"side": side.name.lower(), "command": pdu.command_name(command), "sequence_number": sequence}
    return Note("unreadable_pdu", {**said, "reason": str(error)})


def remember(wishes: Sequence[Wish]) -> list[Action]:
    """The action that has these remembered, if there are any."""
    return [Remember(tuple(wishes))] if wishes else []
