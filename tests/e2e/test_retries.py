"""A message from before a STOP that the SMSC offers again after it: over sessions, workers, restarts, failed writes."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.e2e.peers import A, B, BareSmsc, Esme, Link, Peer, config

RINVDSTADR, RX_T_APPN = 0x0B, 0x64
TWO = "[workers]\ncount = 2\n[limits]\ndrain_timeout = 60.0\n"


def ok_thanks(sequence: int) -> bytes:
    return write.deliver_sm(B, A, b"ok thanks", sequence=sequence)


@contextmanager
def session(proxy: ProxyProcess, bare: BareSmsc) -> Iterator[Link]:
    """One more session, which goes to the worker that has fewer."""
    with Esme(proxy.address(), bind=False) as esme, bare.accept_bind(esme) as smsc:
        yield Link(proxy, esme, smsc, bare)


def turn_back(talk: Link, status: int = RX_T_APPN, sequence: int = 20) -> None:
    """B writes, and the platform doesn't take it."""
    talk.smsc.send(ok_thanks(sequence))
    talk.esme.read()
    talk.esme.send(write.pdu(pdu.DELIVER_SM | RESPONSE, status=status, sequence=sequence))
    assert pdu.HEADER.unpack_from(talk.smsc.read())[2] == status


def stays_closed(talk: Link) -> None:
    """STOP, then the message again: it passes and changes nothing; what is written behind it opens the pair."""
    talk.stop()
    talk.deliver_and_take(ok_thanks(21))
    assert talk.esme.submit() == RINVDSTADR
    talk.deliver_and_take(write.deliver_sm(B, A, b"changed my mind, hi", sequence=22))
    submit = write.submit_sm(A, B, b"hello", sequence=9)
    talk.esme.send(submit)
    assert talk.smsc.read() == submit


def test_turned_back_by_the_platform_on_another_worker(tmp_path: Path) -> None:
    with (
        BareSmsc() as bare,
        ProxyProcess(config(tmp_path, bare.address, more=TWO)) as proxy,
        session(proxy, bare) as one,
        session(proxy, bare) as two,
    ):
        turn_back(one)
        stays_closed(two)


def test_never_answered_on_a_session_that_broke(tmp_path: Path) -> None:
    with BareSmsc() as bare, ProxyProcess(config(tmp_path, bare.address, more=TWO)) as proxy:
        with session(proxy, bare) as one:
            one.smsc.send(ok_thanks(20))
            one.esme.read()
            one.esme.sock.close()
            assert one.smsc.read_all() == b""
        proxy.wait_for("session_end")
        with session(proxy, bare) as two:
            stays_closed(two)


def test_turned_back_by_a_drain_before_a_restart(tmp_path: Path) -> None:
    with BareSmsc() as bare:
        path = config(tmp_path, bare.address, more=TWO)
        with ProxyProcess(path) as proxy, session(proxy, bare) as talk:
            waiting = write.submit_sm(A, B, b"hello", sequence=7)
            talk.esme.send(waiting)
            assert talk.smsc.read() == waiting
            proxy.send_signal(signal.SIGTERM)
            proxy.wait_for("draining")
            for _ in iter(lambda: _is_turned_back(talk), True):  # until the worker has heard of it
                pass
            talk.smsc.send(write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7))
            _unbind(talk.esme)
            _unbind(talk.smsc)
            assert proxy.wait() == 0
        with ProxyProcess(path) as proxy, session(proxy, bare) as talk:
            stays_closed(talk)


def _is_turned_back(talk: Link) -> bool:
    """B writes; if that still comes to the platform, it takes it."""
    talk.smsc.send(ok_thanks(20))
    ready, _, _ = select.select([talk.smsc.sock, talk.esme.sock], [], [])
    if talk.esme.sock in ready:
        talk.esme.take()
    return bool(pdu.HEADER.unpack_from(talk.smsc.read())[2] == RX_T_APPN)


def _unbind(peer: Peer) -> None:
    """Answer what comes until it is an unbind."""
    while True:
        _, command, _, sequence = pdu.HEADER.unpack_from(peer.read())
        if command == pdu.UNBIND:
            peer.send(pdu.header_only(pdu.UNBIND | RESPONSE, 0, sequence))
            return


def test_turned_back_by_a_failed_write(tmp_path: Path) -> None:
    """The ledger's folder is away while B writes to a pair that is closed; then it is back, and B says STOP again."""
    with ExitStack() as stack:
        bare = stack.enter_context(BareSmsc())
        proxy = stack.enter_context(ProxyProcess(config(tmp_path, bare.address)))
        talk = stack.enter_context(session(proxy, bare))
        talk.stop()
        os.rename(tmp_path / "store", tmp_path / "away")
        assert talk.deliver(ok_thanks(20)) == RX_T_APPN
        os.rename(tmp_path / "away", tmp_path / "store")
        while talk.esme.submit() != RINVDSTADR:  # until it is known to be back
            pass
        stays_closed(talk)


@pytest.mark.parametrize("status", [0x08, 0x14, 0x58, 0x65, 0x400])
def test_whatever_status_the_platform_turns_it_back_with(tmp_path: Path, status: int) -> None:
    with BareSmsc() as bare, ProxyProcess(config(tmp_path, bare.address)) as proxy, session(proxy, bare) as talk:
        turn_back(talk, status)
        stays_closed(talk)
