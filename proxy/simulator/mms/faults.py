"""What a real MMSC or platform does wrong now and then, done on purpose and by rule."""

from __future__ import annotations

import fnmatch
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

MmsAction = Literal["status", "fault", "http", "delay", "silence", "close", "garbage"]


class MmsFault(BaseModel):
    """A rule: which messages it meets, how often, and what happens to them.

    ``source`` and ``destination`` are patterns in which ``*`` stands for anything; ``every``-th of what matches is met,
    at most ``count`` times (0 is no limit). ``status`` and ``fault`` answer with StatusCode ``code``, ``http`` with the
    HTTP status ``code``; ``delay`` answers after ``delay`` seconds, ``silence`` never; ``close`` closes instead, and
    ``garbage`` sends what is no HTTP.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: MmsAction
    at: Literal["mmsc", "vasp"] = "mmsc"
    source: str = "*"
    destination: str = "*"
    code: Annotated[int, Field(ge=100, le=9999)] = 4006
    delay: Annotated[float, Field(ge=0, le=3600)] = 5.0
    every: Annotated[int, Field(ge=1)] = 1
    count: Annotated[int, Field(ge=0)] = 0


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
