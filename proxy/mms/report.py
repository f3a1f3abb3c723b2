"""What conversations have to say, as log lines; the frequent ones limited in rate with their count kept."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from structlog.typing import FilteringBoundLogger

from proxy.consent.entries import Entry
from proxy.consent.wishes import Origin
from proxy.mms.actions import Note
from proxy.mms.tally import MmsTally
from proxy.net.rates import Rates

_LEVELS = {"refused": logging.INFO, "would_refuse": logging.INFO, "wrong_direction": logging.ERROR}
"""How much the things that are noted matter; what is not here is a warning."""


class Report:
    """Logs what the conversations of one route report, the frequent things as ``rates`` allows."""

    def __init__(self, log: FilteringBoundLogger, tally: MmsTally, rates: Rates) -> None:
        self._log = log
        self._tally = tally
        self._rates = rates

    def session(self, log: FilteringBoundLogger, event: str, **fields: Any) -> None:
        """A connection has begun or ended: there may be one for each message."""
        if (left_out := self._rates.left_out(event)) is not None:
            log.info(event, **fields, **({"left_out": left_out} if left_out else {}))

    def notes(self, origin: Origin, notes: Iterable[Note]) -> None:
        """Refusals, messages that can't be read and the like: as many as consumers and peers care to cause."""
        for note in notes:
            left_out = self._rates.left_out(note.event)
            if left_out is None:
                continue
            fields: dict[str, Any] = {"session": origin.session, "system_id": origin.system_id, **note.fields}
            if left_out:
                fields["left_out"] = left_out
            self._log.log(_LEVELS.get(note.event, logging.WARNING), note.event, **fields)

    def changed(self, origin: Origin, entries: Iterable[Entry]) -> None:
        """Consent changes that are on disk: each one is a line."""
        for entry in entries:
            self._tally.changes[entry.event] += 1
            said = {"session": origin.session, "system_id": origin.system_id}
            self._log.info("consent_changed", **said, **entry.told())

    def not_recorded(self, origin: Origin, reason: str) -> None:
        """Changes that could not be written; their message was answered with 503, so that it comes again."""
        self._log.error("consent_not_recorded", session=origin.session, reason=reason)
