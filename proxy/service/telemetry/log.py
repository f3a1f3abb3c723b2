"""The log: set up once in each process, its settings changed while it runs."""

from __future__ import annotations

import atexit
import hashlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from proxy.consent.written import printable
from proxy.service.telemetry.logstream import LogStream
from proxy.service.telemetry.rates import RateLimit
from proxy.smpp.pdu import visible

NUMBER_FIELDS = ("business", "consumer")
"""Fields of log lines that hold a phone number."""

Format = Literal["json", "console"]
Numbers = Literal["masked", "hashed", "full"]


@dataclass
class LogSettings:
    """What lines look like and which are written. ``key`` is the secret that hashes of numbers are made with."""

    format: Format = "json"
    level: str = "info"
    numbers: Numbers = "masked"
    key: bytes = b""


def mask(number: str) -> str:
    """A number as logs show it: its first digits and its last two."""
    return number if len(number) <= 4 else f"{number[:-6] if len(number) > 8 else number[0]}****{number[-2:]}"


def hashed(number: str, key: bytes) -> str:
    """A number as a name that is always the same and that nobody without the key can turn back."""
    return hashlib.blake2b(number.encode(), key=key, digest_size=8).hexdigest()


class Log:
    """This process's log. Lines go to standard error; other libraries' messages become ``library_message``."""

    def __init__(self, settings: LogSettings, target: TextIO | None = None) -> None:
        """``target`` is where lines go instead of standard error."""
        self.settings = settings
        self.stream = LogStream(target or sys.stderr)
        atexit.register(self.stream.close)
        logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
        formatter = structlog.dev.plain_traceback
        self._console = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=formatter, timestamp_key="time", sort_keys=False
        )
        self._json = structlog.processors.JSONRenderer(ensure_ascii=False)
        self._tracebacks = structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        )
        processors: list[Processor] = [
            self._drop_what_is_not_wanted,
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            self._show_numbers,
            _in_order,
            self._render,
        ]
        structlog.configure(
            processors=processors,
            wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
            logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, self.stream)),
            cache_logger_on_first_use=True,
        )

    def close(self) -> None:
        """Wait a moment for the last lines to be written."""
        self.stream.close()

    def _drop_what_is_not_wanted(self, _logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        levels = logging.getLevelNamesMapping()
        if levels[method.upper()] < levels[self.settings.level.upper()]:
            raise structlog.DropEvent
        return event

    def _show_numbers(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        show: Callable[[str], str]
        if self.settings.numbers == "full":
            return event
        show = mask if self.settings.numbers == "masked" else lambda number: hashed(number, self.settings.key)
        for field in NUMBER_FIELDS:
            if field in event:
                event[field] = show(event[field])
        return event

    def _render(self, logger: WrappedLogger, method: str, event: EventDict) -> str | bytes:
        if self.settings.format == "console":
            shown = {name: visible(v) if type(v) is str and name != "exception" else v for name, v in event.items()}
            return self._console(logger, method, shown)
        line = self._json(logger, method, self._tracebacks(logger, method, event))
        return printable(line) if isinstance(line, str) else line


def _in_order(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """When, how much it matters and what it is stand first, so that people find them."""
    return {**{name: event.pop(name) for name in ("time", "level", "event") if name in event}, **event}


class _Libraries(logging.Handler):
    """Passes on what libraries log (without tracebacks, whose values are not ours to show), at a limited rate."""

    def __init__(self) -> None:
        super().__init__()
        self._limit = RateLimit()

    def emit(self, record: logging.LogRecord) -> None:
        if self._limit.allows(record.created):
            log = structlog.get_logger()
            log.warning("library_message", library=record.name, message=str(record.msg)[:200])
