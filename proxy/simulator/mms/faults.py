"""What a real MMSC or platform does wrong now and then, done on purpose and by rule."""

from __future__ import annotations

import fnmatch
from http import HTTPStatus
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MmsAction = Literal["status", "fault", "http", "delay", "silence", "close", "garbage"]


class MmsFault(BaseModel):
    """A rule: which messages it meets, how often, and what happens to them.

    ``source`` and ``destination`` are patterns in which ``*`` stands for anything; ``every``-th of what matches is met,
    at most ``count`` times (0 is no limit). ``status`` and ``fault`` answer with StatusCode ``code``, ``http`` with the
    HTTP status ``code``; ``delay`` answers after ``delay`` seconds, ``silence`` never; ``close`` closes instead, and
    ``garbage`` sends what is no HTTP. Without a ``code`` it is 503 for ``http``, and 4006.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: MmsAction
    at: Literal["mmsc", "vasp"] = "mmsc"
    source: str = "*"
    destination: str = "*"
    code: Annotated[int, Field(ge=0, le=9999)] = 0
    delay: Annotated[float, Field(ge=0, le=3600)] = 5.0
    every: Annotated[int, Field(ge=1)] = 1
    count: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _check(self) -> Self:
        low, high = (400, 599) if self.action == "http" else (1000, 9999)
        if self.code and not low <= self.code <= high:
            raise ValueError(f"code: of the action {self.action} it is {low} to {high}")
        if self.action == "http" and self.code and self.code not in {each.value for each in HTTPStatus}:
            raise ValueError(f"code: HTTP has no status {self.code}")
        return self

    @property
    def answers_with(self) -> int:
        """Its code, or the usual one of its action."""
        return self.code or (503 if self.action == "http" else 4006)


class ArmedMms:
    """A rule that is set: how many messages it has met."""

    def __init__(self, number: int, fault: MmsFault) -> None:
        self.number = number
        self.fault = fault
        self.met = 0
        self._seen = 0

    def meets(self, at: str, source: str, destinations: list[str]) -> bool:
        """Whether this message is met; counts it."""
        fault = self.fault
        is_to = any(fnmatch.fnmatchcase(each, fault.destination) for each in destinations or [""])
        if fault.at != at or not fnmatch.fnmatchcase(source, fault.source) or not is_to:
            return False
        self._seen += 1
        if self._seen % fault.every or (fault.count and self.met >= fault.count):
            return False
        self.met += 1
        return True


class MmsFaults:
    """All rules that are set; the first that meets a message is done to it."""

    def __init__(self) -> None:
        self.armed: list[ArmedMms] = []
        self._last = 0

    def set(self, fault: MmsFault) -> ArmedMms:
        """Set one more."""
        self._last += 1
        self.armed.append(ArmedMms(self._last, fault))
        return self.armed[-1]

    def clear(self) -> None:
        """Take all away."""
        self.armed.clear()

    def of_message(self, at: str, source: str, destinations: list[str]) -> MmsFault | None:
        """What happens to this message; None if it is served as it should be."""
        return next((each.fault for each in self.armed if each.meets(at, source, destinations)), None)
