"""The whole time of a proxy in this process: its ledger opened, its log, the supervisor on an event loop."""

from __future__ import annotations

import signal
import time
from contextlib import closing, suppress
from pathlib import Path

import trio

from proxy.config.schema import Config
from proxy.ledger.commits import LedgerCommits
from proxy.ledger.disk.environment import Access
from proxy.ledger.writer import Writer
from proxy.net.durations import Durations
from proxy.service.assembly import open_ledger
from proxy.service.processes.supervisor import Supervisor
from proxy.service.telemetry.log import Log, LogSettings
from proxy.service.telemetry.logkey import log_key


def run(config: Config, path: Path) -> None:
    """Run the proxy under this configuration, which was read from ``path``; returns when it has stopped.

    Raises ``LedgerError`` if the ledger can't be used, ``SettingsError`` for files or rights that can't be had,
    ``StartError`` if the workers can't start, ``CannotJoin`` if the cluster doesn't take it, ``OSError`` if an address
    can't be had.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until somebody listens for it
    log = Log(LogSettings(**config.log.model_dump()))
    with (
        open_ledger(config, Access.CREATE) as ledger,
        Writer(ledger, Durations((1.0,)).observe, time.perf_counter) as writer,
    ):
        ledger.carry_groups_over()
        with suppress(OSError):
            log.settings.key = log_key(config.store.path)

        async def main() -> None:
            await Supervisor(config, path, ledger, LedgerCommits(writer), log).run()

        with closing(log):
            trio.run(main)
