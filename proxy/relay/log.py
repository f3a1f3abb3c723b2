"""What sessions have to say, as log lines; the frequent ones limited in rate with their count kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from structlog.typing import FilteringBoundLogger

from proxy.consent.entries import Entry
from proxy.relay.session.actions import Note
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally

_LEVELS = {"bind": logging.DEBUG, "bound": logging.INFO}
"""How much the things that sessions note matter; what is not here is a warning."""

LINES_A_SECOND = 10
"""Lines of one event that a route writes in a second; the next line after a pause tells how many were left out."""


class LogReport:
    """Logs what the sessions of one route report; ``clock`` gives seconds."""

    def __init__(
        self,
        log: FilteringBoundLogger,
        tally: Tally,
        clock: Callable[[], float],
        on_bind: Callable[[Session, Note], None] = lambda _session, _note: None,
    ) -> None:
        """``on_bind`` is told of every ``bind`` (requested), ``bound`` (accepted) and ``bind_refused``."""
        self._on_bind = on_bind
        self._log = log
        self._tally = tally
        self._clock = clock
        self._limits: dict[str, RateLimit] = {}

    def note(self, session: Session, note: Note) -> None:
        """A refusal, an unreadable PDU or the like: as many as consumers and peers care to cause."""
        if note.event in ("bind", "bound", "bind_refused"):
            self._on_bind(session, note)
        level = _LEVELS.get(note.event, logging.WARNING)
        limit = self._limits.setdefault(note.event, RateLimit())
        if not limit.allows(self._clock()):
            return
        left_out = {"left_out": limit.take_left_out()} if limit.left_out else {}
        origin = session.origin
        fields = {"session": origin.session, "system_id": origin.system_id, **note.fields, **left_out}
        self._log.log(level, note.event, **fields)

    def changed(self, session: Session, entries: Sequence[Entry]) -> None:
        """Consent changes that are on disk: each one is a line."""
        for entry in entries:
            self._tally.changes[entry.event] += 1
            self._log.info(
                "consent_changed",
                session=session.origin.session,
                system_id=session.origin.system_id,
                revision=entry.sequence,
                business=entry.pair.business,
                consumer=entry.pair.consumer,
                change=str(entry.event),
                meaning=entry.evidence.get("meaning", ""),
                matched=entry.evidence.get("matched", ""),
            )

    def not_recorded(self, session: Session, reason: str) -> None:
        """Changes that could not be written; their messages went back to the SMSC to be retried."""
        self._log.error("consent_not_recorded", session=session.origin.session, reason=reason)


class RateLimit:
    """Allows so many a second, and counts the rest."""

    def __init__(self) -> None:
        self.left_out = 0
        self._second = -1
        self._lines = 0

    def allows(self, now: float) -> bool:
        """Whether one more is allowed at ``now``, in seconds; counts it if not."""
        if int(now) != self._second:
            self._second, self._lines = int(now), 0
        self._lines += 1
        if self._lines <= LINES_A_SECOND:
            return True
        self.left_out += 1
        return False

    def take_left_out(self) -> int:
        """How many were not allowed since the last call."""
        count, self.left_out = self.left_out, 0
        return count
