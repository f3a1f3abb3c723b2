"""What is captured in one worker: messages of some sessions, or of some pair, told as records of pcapng."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from proxy.net.endpoints import Endpoint
from proxy.net.pcapng import Interface, record


@dataclass(frozen=True, slots=True)
class Capture:
    """What to capture: a session by its id, those of a system_id, or the messages of a pair (canonical numbers).

    ``octets`` is how much at the most, of one worker.
    """

    number: int
    session: str
    system_id: str
    business: str
    consumer: str
    octets: int

    def is_of_session(self, session: str, system_id: str) -> bool | None:
        """Whether it wants all of this session; None if it wants those of a pair."""
        if self.session:
            return self.session == session
        return self.system_id == system_id if self.system_id else None


class Captures:
    """The captures that go on in one worker. ``tell`` is called with a capture's number and each record, and with
    nothing when it is full. ``utc`` gives microseconds.
    """

    def __init__(self, tell: Callable[[int, bytes], None], utc: Callable[[], int]) -> None:
        self._tell = tell
        self._utc = utc
        self._wanted: dict[int, Capture] = {}
        self._left: dict[int, int] = {}

    def begin(self, wanted: Capture) -> None:
        """Capture this from now on."""
        if wanted.number not in self._wanted:
            self._wanted[wanted.number] = wanted
            self._left[wanted.number] = wanted.octets

    def end(self, number: int) -> None:
        """Capture it no longer."""
        self._wanted.pop(number, None)
        self._left.pop(number, None)

    def wanted(self) -> Iterable[Capture]:
        """Those that go on."""
        return tuple(self._wanted.values())

    def take(
        self,
        number: int,
        session: str,
        interface: Interface,
        source: Endpoint,
        destination: Endpoint,
        frame: bytes,
        dissector: bytes = b"smpp",
    ) -> None:
        """A frame of this session that the capture ``number`` wants, as it may be shown."""
        octets = record(interface, self._utc(), source, destination, frame, f"session {session}", dissector)
        self._left[number] -= len(octets)
        if self._left[number] < 0:
            self._wanted.pop(number, None)
            self._tell(number, b"")
        else:
            self._tell(number, octets)
