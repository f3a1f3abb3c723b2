"""Faults: what a real SMSC does to its clients now and then, done on purpose and by rule."""

from __future__ import annotations

import difflib
import fnmatch
import random
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from proxy.smpp.fields import Parsed
from proxy.smpp.pdu import COMMANDS, STATUSES, status_code

Action = Literal[
    "status", "delay", "silence", "duplicate", "wrong_sequence", "shuffle", "throttle", "queue_full", "split",
    "coalesce", "slow_read", "truncate", "malformed", "close", "reset", "unbind", "half_open", "add_tlv",
    "unknown_command",
]  # fmt: skip


def _status(value: str | int) -> str | int:
    try:
        status_code(value)
    except ValueError:
        near = difflib.get_close_matches(str(value).upper(), STATUSES, 1)
        advice = f"; is it {near[0]}?" if near else "; it is a name of SMPP 3.4, such as ESME_RTHROTTLED, or a number"
        raise ValueError(f"no such command_status: {value}{advice}") from None
    return value


def _command(name: str) -> str:
    requests = sorted(command for command in COMMANDS if not command.endswith("_resp"))
    if not any(fnmatch.fnmatchcase(command, name) for command in requests):
        raise ValueError(f"no request of that name: {name}; known are {', '.join(requests)}")
    return name


class FaultRule(BaseModel):
    """A rule: which requests it meets, how often and how long, and what happens to them.

    ``command``, ``system_id``, ``source`` and ``destination`` are patterns in which ``*`` stands for anything. Of
    what matches, every ``every``-th is met, with ``probability`` (drawn from ``seed``), at most ``count`` times and
    until ``seconds`` after the fault was set; 0 is no limit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action = Field(description="What is done to the answer, or to the connection.")
    command: Annotated[str, AfterValidator(_command)] = "submit_sm"
    system_id: str = "*"
    source: str = "*"
    destination: str = "*"
    every: Annotated[int, Field(ge=1)] = 1
    probability: Annotated[float, Field(ge=0, le=1)] = 1.0
    seed: int = 0
    count: Annotated[int, Field(ge=0)] = 0
    seconds: Annotated[float, Field(ge=0)] = 0.0
    status: Annotated[str | int, AfterValidator(_status)] = "ESME_RSYSERR"
    """For ``status``."""
    delay: Annotated[float, Field(ge=0, le=3600)] = 1.0
    """Seconds: for ``delay``."""
    pause: Annotated[float, Field(ge=0, le=60)] = 0.01
    """Seconds between the pieces of ``split``."""
    rate: Annotated[float, Field(gt=0)] = 10.0
    """Requests a second beyond which ``throttle`` answers ESME_RTHROTTLED; octets a second of ``slow_read``."""
    hold: Annotated[int, Field(ge=2, le=1000)] = 2
    """Answers that ``shuffle`` and ``coalesce`` gather."""
    size: Annotated[int, Field(ge=1)] = 1
    """Octets of a piece of ``split``."""

    @model_validator(mode="after")
    def _is_of_use(self) -> Self:
        """Refuse a key that the action has no use for: whoever set it expects something else."""
        for key in sorted(self.model_fields_set & USED_BY.keys()):
            if self.action not in USED_BY[key]:
                raise ValueError(f"{key} is of no use with action {self.action}; it is for {', '.join(USED_BY[key])}")
        return self


USED_BY: dict[str, tuple[Action, ...]] = {
    "status": ("status",),
    "delay": ("delay",),
    "pause": ("split",),
    "size": ("split",),
    "rate": ("throttle", "slow_read"),
    "hold": ("shuffle", "coalesce"),
}
"""Keys that are for some actions only."""


class Armed:
    """A fault that is set, with what it counts. ``number`` is its name in the control API."""

    def __init__(self, number: int, fault: FaultRule, now: float) -> None:
        self.number = number
        self.fault = fault
        self.met = 0
        """Requests that it met."""
        self.last_met = 0
        """The sequence_number of the last of them."""
        self._seen = 0
        self._until = now + fault.seconds if fault.seconds else None
        self._draw = random.Random(fault.seed)
        self._tokens = max(fault.rate, 1.0)
        self._filled_at = now

    def meets(self, request: Parsed, system_id: str, now: float) -> bool:
        """Whether this request is met; counts it."""
        fault = self.fault
        if not self._matches(request, system_id):
            return False
        self._seen += 1
        if (self._until is not None and now > self._until) or (fault.count and self.met >= fault.count):
            return False
        if self._seen % fault.every or self._draw.random() >= fault.probability:
            return False
        if fault.action == "throttle" and self._has_token(now):
            return False
        self.met += 1
        self.last_met = request.sequence
        return True

    def _matches(self, request: Parsed, system_id: str) -> bool:
        fault, fields = self.fault, request.fields
        source, destination = fields.get("source_addr", b""), fields.get("destination_addr", b"")
        return (
            fnmatch.fnmatchcase(request.name, fault.command)
            and fnmatch.fnmatchcase(system_id, fault.system_id)
            and fnmatch.fnmatchcase(source.decode("latin-1"), fault.source)
            and fnmatch.fnmatchcase(destination.decode("latin-1"), fault.destination)
        )

    def _has_token(self, now: float) -> bool:
        rate = self.fault.rate
        self._tokens = min(max(rate, 1.0), self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Faults:
    """All faults that are set; the first that meets a request is done to it."""

    def __init__(self) -> None:
        self.armed: list[Armed] = []
        self._last = 0

    def set(self, fault: FaultRule, now: float) -> Armed:
        """Set one more fault; ``now`` is from a monotonic clock."""
        self._last += 1
        armed = Armed(self._last, fault, now)
        self.armed.append(armed)
        return armed

    def set_all(self, faults: Iterable[FaultRule], now: float) -> None:
        """Set more faults, in this order."""
        for fault in faults:
            self.set(fault, now)

    def remove(self, number: int) -> bool:
        """Take the fault of this number away; False if there is none."""
        before = len(self.armed)
        self.armed = [armed for armed in self.armed if armed.number != number]
        return len(self.armed) < before

    def clear(self) -> None:
        """Take all faults away."""
        self.armed = []

    def for_request(self, request: Parsed, system_id: str, now: float) -> FaultRule | None:
        """What happens to this request, None if it is served as it should be."""
        return next((armed.fault for armed in self.armed if armed.meets(request, system_id, now)), None)


STATUS_OF: dict[Action, int] = {"throttle": STATUSES["ESME_RTHROTTLED"], "queue_full": STATUSES["ESME_RMSGQFUL"]}
"""The actions that always answer with the same status."""
