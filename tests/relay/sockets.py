"""Conversations over real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import trio

from proxy.consent.entries import Entry
from proxy.consent.wishes import Origin
from proxy.ledger.commits import LedgerCommits
from proxy.ledger.ledger import Ledger
from proxy.ledger.writer import Writer
from proxy.net.captures import Captures
from proxy.net.timeouts import Limits
from proxy.relay.conversation import Conversation
from proxy.relay.means import Decisions, Means
from proxy.relay.session.actions import Note
from proxy.relay.session.dialect import Dialect
from proxy.relay.session.session import Session
from proxy.relay.session.tally import Tally
from proxy.relay.turns import Turns
from proxy.service.telemetry.rates import LineRates
from tests.ledger.samples import Clock
from tests.relay.session.transcript import BIND, BIND_RESP

PATIENCE = 60


class Reports:
    """Remembers what sessions report."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.entries: list[Entry] = []
        self.failures: list[str] = []

    def note(self, session: Session, note: Note) -> None:
        self.notes.append(note)

    def changed(self, session: Session, entries: Sequence[Entry]) -> None:
        self.entries += entries

    def not_recorded(self, session: Session, reason: str) -> None:
        self.failures.append(reason)


class Ends:
    """A conversation under test: the far ends of its two connections."""

    def __init__(
        self, esme: trio.SocketStream, smsc: trio.SocketStream, conversation: Conversation, ledger: Ledger
    ) -> None:
        self.esme = esme
        self.smsc = smsc
        self.conversation = conversation
        self.ledger = ledger
        self.reports = Reports()
        self.ended_by = ""
        self.ended = trio.Event()


async def receive_exactly(stream: trio.SocketStream, size: int) -> bytes:
    data = b""
    with trio.fail_after(PATIENCE):
        while len(data) < size:
            chunk = await stream.receive_some(size - len(data))
            assert chunk, f"closed after {len(data)} of {size} octets"
            data += chunk
    return data


async def receive_all(stream: trio.SocketStream) -> bytes:
    data = b""
    with trio.fail_after(PATIENCE):
        while chunk := await stream.receive_some(65536):
            data += chunk
    return data


def pair(buffer: int | None = None) -> tuple[trio.SocketStream, trio.SocketStream]:
    """Two ends of a TCP connection over loopback, with small buffers if wished."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        if buffer:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        client = socket.socket()
        if buffer:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        client.connect(server.getsockname())
        accepted, _ = server.accept()
        if buffer:
            accepted.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
    streams = []
    for sock in (client, accepted):
        sock.setblocking(False)
        streams.append(trio.SocketStream(trio.socket.from_stdlib_socket(sock)))
    return streams[0], streams[1]


def means_of(ledger: Ledger, writer: Writer) -> Means:
    decisions = Decisions(ledger.reader(), lambda _: None)
    captures = Captures(lambda _number, _record: None, lambda: 0)
    return Means(Turns(), decisions, LedgerCommits(writer), captures, lambda: LineRates(trio.current_time))


@asynccontextmanager
async def conversation(
    path: Path, *, ledger_type: type[Ledger] = Ledger, limits: Limits | None = None, buffer: int | None = None
) -> AsyncIterator[Ends]:
    esme, our_esme = pair(buffer)
    our_smsc, smsc = pair(buffer)
    with (
        ledger_type(path / "store", Clock()) as ledger,
        Writer(ledger, lambda _: None, time.perf_counter) as writer,
    ):
        means = means_of(ledger, writer)
        session = Session(Dialect(), Tally(), Origin("route", "session", ""))
        reports = Reports()
        talk = Conversation(session, our_esme, our_smsc, means, limits or Limits(), reports)
        ends = Ends(esme, smsc, talk, ledger)
        ends.reports = reports

        async def run() -> None:
            ends.ended_by = (await talk.run()).ended_by
            ends.ended.set()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(means.turns.run)
            nursery.start_soon(run)
            yield ends
            nursery.cancel_scope.cancel()
        for stream in (esme, smsc):
            await trio.aclose_forcefully(stream)


async def bind(ends: Ends) -> None:
    await ends.esme.send_all(BIND)
    assert await receive_exactly(ends.smsc, len(BIND)) == BIND
    await ends.smsc.send_all(BIND_RESP)
    assert await receive_exactly(ends.esme, len(BIND_RESP)) == BIND_RESP
