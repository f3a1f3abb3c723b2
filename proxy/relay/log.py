"""What sessions have to say, as log lines; the frequent ones limited in rate with their count kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

from structlog.typing import FilteringBoundLogger

from proxy.consent.entries import Entry
from proxy.net.rates import Rates
from proxy.relay.session.actions import Note
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally

_LEVELS = {"bind": logging.DEBUG, "bound": logging.INFO, "refused": logging.INFO, "would_refuse": logging.INFO}
"""How much the things that sessions note matter; what is not here is a warning."""


class LogReport:
    """Logs what the sessions of one route report, the frequent things as ``rates`` allows."""

    def __init__(
        self,
        log: FilteringBoundLogger,
        tally: Tally,
        rates: Rates,
        on_bind: Callable[[Session, Note], None] = lambda _session, _note: None,
    ) -> None:
        """``on_bind`` is told of every ``bind`` (requested), ``bound`` (accepted) and ``bind_refused``."""
        self._on_bind = on_bind
        self._log = log
        self._tally = tally
        self._rates = rates

    def note(self, session: Session, note: Note) -> None:
        """A refusal, an unreadable PDU or the like: as many as consumers and peers care to cause."""
        if note.event in ("bind", "bound", "bind_refused"):
            self._on_bind(session, note)
        level = _LEVELS.get(note.event, logging.WARNING)
        left_out = self._rates.left_out(note.event)
        if left_out is None:
            return
        origin = session.origin
        fields: dict[str, Any] = {"session": origin.session, "system_id": origin.system_id, **note.fields}
        if left_out:
            fields["left_out"] = left_out
        self._log.log(level, note.event, **fields)

    def changed(self, session: Session, entries: Sequence[Entry]) -> None:
        """Consent changes that are on disk: each one is a line."""
        for entry in entries:
            self._tally.changes[entry.event] += 1
            self._log.info(
                "consent_changed",
                session=session.origin.session,
                system_id=session.origin.system_id,
                **entry.told(),
            )

    def not_recorded(self, session: Session, reason: str) -> None:
        """Changes that could not be written; their messages went back to the SMSC to be retried."""
        self._log.error("consent_not_recorded", session=session.origin.session, reason=reason)
