"""TLS, the PROXY protocol, carriers and outbind with the real program on loopback."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import trustme

from proxy.net.endpoints import Endpoint
from proxy.net.proxy_protocol import header
from proxy.simulator.process import ProxyProcess
from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.e2e.asking import metric
from tests.e2e.peers import PATIENCE, A, B, BareSmsc, Esme, Peer
from tests.e2e.reloading import reload, rewrite
from tests.net.ports import closed_port

SHORT = "[limits]\nclose_timeout = 0.5\n"


class Files:
    """A certificate authority, and what it signed for a name, as files in PEM."""

    def __init__(self, folder: Path, name: str = "localhost") -> None:
        folder.mkdir(exist_ok=True)
        self.authority = trustme.CA()
        self.ca, self.chain, self.key = (str(folder / file) for file in ("ca.pem", "chain.pem", "key.pem"))
        self.authority.cert_pem.write_to_path(self.ca)
        self.issue(name)

    def issue(self, name: str) -> None:
        """Another certificate in the place of the one before."""
        issued = self.authority.issue_cert(name)
        issued.private_key_pem.write_to_path(self.key)
        Path(self.chain).write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))

    def server(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context

    def client(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ca)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "tls")


def settings(folder: Path, route: str, more: str = SHORT) -> Path:
    """A configuration with one route, of which ``route`` says the rest."""
    path = folder / "proxy.toml"
    path.write_text(
        f'[store]\npath = "{folder / "store"}"\n[admin]\nlisten = "127.0.0.1:0"\n{more}'
        f'[[route]]\nname = "test"\nlisten = "127.0.0.1:0"\n{route}\n'
    )
    return path


def server_tls(files: Files, more: str = "") -> str:
    return f'[route.tls]\ncertificate = "{files.chain}"\nkey = "{files.key}"\n{more}'


def carrier_tls(address: str, files: Files, more: str = "") -> str:
    return f'[[route.carrier]]\naddress = "{address}"\n[route.carrier.tls]\nca = "{files.ca}"\n{more}'


class TlsEsme(Esme):
    """A client that speaks TLS."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext, name: str = "localhost") -> None:
        self._tls = context.wrap_socket(socket.create_connection(address, PATIENCE), server_hostname=name)
        Peer.__init__(self, self._tls)

    def certificate(self) -> bytes | None:
        """The server's, in DER."""
        return self._tls.getpeercert(binary_form=True)


def the_story(esme: Esme, smsc: Peer) -> None:
    """Bind, a STOP, and what it does."""
    esme.send(write.bind("platform", "hunter2"))
    smsc.read()
    smsc.send(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"smsc\0"))
    esme.read()
    batch = b"".join(write.submit_sm(A, B, b"x" * n, sequence=n) for n in range(1, 200))
    esme.send(batch)
    assert smsc.read_exactly(len(batch)) == batch
    answers = b"".join(write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=n) for n in range(1, 200))
    smsc.send(answers)
    assert esme.read_exactly(len(answers)) == answers
    smsc.send(write.deliver_sm(B, A, b"STOP", sequence=3))
    esme.take()
    smsc.read()
    assert esme.submit() == 0x0B
    esme.send(write.pdu(pdu.UNBIND, sequence=300))
    assert smsc.read() == write.pdu(pdu.UNBIND, sequence=300)
    smsc.send(write.pdu(pdu.UNBIND | RESPONSE, sequence=300))
    assert esme.read() == write.pdu(pdu.UNBIND | RESPONSE, sequence=300)


@pytest.mark.parametrize("near", [True, False], ids=["TLS from the platform", "plain from the platform"])
@pytest.mark.parametrize("far", [True, False], ids=["TLS to the carrier", "plain to the carrier"])
def test_either_side_may_speak_tls(tmp_path: Path, files: Files, near: bool, far: bool) -> None:
    with BareSmsc() as bare:
        port = bare.address.rpartition(":")[2]
        route = carrier_tls(f"localhost:{port}", files) if far else f'carrier = ["{bare.address}"]\n'
        path = settings(tmp_path, route + (server_tls(files) if near else ""))
        with ProxyProcess(path) as proxy:
            esme = TlsEsme(proxy.address(), files.client()) if near else Esme(proxy.address(), bind=False)
            with esme, _smsc(bare, files.server() if far else None) as smsc:
                the_story(esme, smsc)
                closing = threading.Thread(target=close_properly, args=(esme,))
                closing.start()
                assert smsc.read_all() == b""
                smsc.sock.close()
                closing.join()
            assert proxy.wait_for("session_end")["ended_by"] == "unbind"
            assert not [e for e in proxy.events if e["event"] == "session_failed"]


def close_properly(peer: Peer) -> None:
    """As TLS wants it: a goodbye, and that of the other side."""
    with contextlib.suppress(OSError):
        if isinstance(peer.sock, ssl.SSLSocket):
            peer.sock.unwrap()
    peer.sock.close()


def _smsc(bare: BareSmsc, context: ssl.SSLContext | None) -> Peer:
    peer = bare.accept()
    return Peer(context.wrap_socket(peer.sock, server_side=True)) if context else peer


def test_both_sides_may_have_to_show_a_certificate(tmp_path: Path, files: Files) -> None:
    own = f'certificate = "{files.chain}"\nkey = "{files.key}"\n'
    with BareSmsc() as bare:
        address = bare.address.replace("127.0.0.1", "localhost")
        path = settings(tmp_path, carrier_tls(address, files, own) + server_tls(files, f'client_ca = "{files.ca}"\n'))
        mutual, ours = files.server(), files.client()
        mutual.verify_mode = ssl.CERT_REQUIRED
        mutual.load_verify_locations(files.ca)
        ours.load_cert_chain(files.chain, files.key)
        with ProxyProcess(path) as proxy:
            with TlsEsme(proxy.address(), ours) as esme, _smsc(bare, mutual) as smsc:
                the_story(esme, smsc)
            with (
                pytest.raises((ssl.SSLError, EOFError, ConnectionError)),
                TlsEsme(proxy.address(), files.client()) as bad,
            ):
                bad.read()
            assert "certificate" in proxy.wait_for("connection_refused")["reason"]


def test_a_carrier_whose_certificate_is_for_another_is_not_used(tmp_path: Path, files: Files) -> None:
    other = Files(tmp_path / "other", "elsewhere.example")
    with BareSmsc() as bare:
        address = bare.address.replace("127.0.0.1", "localhost")
        for trusted, why in ((files, "certificate is not good"), (other, "certificate is not good")):
            path = settings(tmp_path, carrier_tls(address, trusted))
            with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme:
                peer = bare.accept()
                with (
                    contextlib.suppress(ssl.SSLError, OSError),
                    other.server().wrap_socket(peer.sock, server_side=True),
                ):
                    pass
                esme.send(write.bind("platform", "x"))
                assert esme.read_all() == pdu.refusal(pdu.BIND_TRANSCEIVER, pdu.RBINDFAIL, 1)
                assert why in proxy.wait_for("no_carrier")["reason"]
        path = settings(tmp_path, carrier_tls(address, other, 'server_name = "elsewhere.example"\n'))
        with (
            ProxyProcess(path) as proxy,
            Esme(proxy.address(), bind=False) as esme,
            _smsc(bare, other.server()) as smsc,
        ):
            the_story(esme, smsc)


def test_old_tls_is_refused(tmp_path: Path, files: Files) -> None:
    """TLS 1.1 always, by a ClientHello written out here, since clients no longer make one; 1.2 if 1.3 is wanted."""
    body = b"\x03\x02" + bytes(32) + b"\0" + b"\0\x04\xc0\x13\0\x2f" + b"\x01\0"
    hello = b"\x16\x03\x01" + (len(body) + 4).to_bytes(2, "big") + b"\x01" + len(body).to_bytes(3, "big") + body
    with ProxyProcess(settings(tmp_path, f'carrier = ["{closed_port()}"]\n' + server_tls(files))) as proxy:
        with Peer(socket.create_connection(proxy.address(), PATIENCE)) as old:
            old.send(hello)
            old.read_all()
        assert "unsupported protocol" in proxy.wait_for("connection_refused")["reason"]
    newer = settings(tmp_path, f'carrier = ["{closed_port()}"]\n' + server_tls(files, 'minimum = "1.3"\n'))
    twelve = files.client()
    twelve.maximum_version = ssl.TLSVersion.TLSv1_2
    with ProxyProcess(newer) as proxy, pytest.raises((ssl.SSLError, ConnectionError)):
        TlsEsme(proxy.address(), twelve)


def test_tls_and_plain_that_meet_are_told_apart_in_the_log(tmp_path: Path, files: Files) -> None:
    with BareSmsc() as bare:
        with ProxyProcess(settings(tmp_path, f'carrier = ["{bare.address}"]\n' + server_tls(files))) as proxy:
            with Esme(proxy.address(), bind=False) as esme:
                esme.send(write.bind("platform", "x"))
                assert esme.read_all() == b""
            assert "a plain client on a TLS port" in proxy.wait_for("connection_refused")["reason"]
        with ProxyProcess(settings(tmp_path, f'carrier = ["{bare.address}"]\n')) as proxy:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                TlsEsme(proxy.address(), files.client())
            bare.accept().sock.close()
            assert "a TLS client on a plain port" in proxy.wait_for("session_end")["reason"]
        address = bare.address.replace("127.0.0.1", "localhost")
        path = settings(tmp_path, carrier_tls(address, files))
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False), bare.accept() as smsc:
            smsc.read_exactly(5)
            smsc.send(pdu.header_only(pdu.GENERIC_NACK, 2, 0))
            assert "does not speak TLS" in proxy.wait_for("no_carrier")["reason"]


def test_certificates_are_read_again_and_sessions_go_on(tmp_path: Path, files: Files) -> None:
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\n' + server_tls(files))
        with ProxyProcess(path) as proxy, TlsEsme(proxy.address(), files.client()) as esme, bare.accept() as smsc:
            first = esme.certificate()
            files.issue("localhost")
            proxy.send_signal(signal.SIGHUP)
            proxy.wait_for("reloaded")
            with TlsEsme(proxy.address(), files.client()) as other:
                assert other.certificate() != first
                bare.accept().sock.close()
            the_story(esme, smsc)
            Path(files.chain).write_text("no certificate")
            proxy.send_signal(signal.SIGHUP)
            assert files.chain in proxy.wait_for("reload_refused")["reason"]


def test_files_that_can_not_be_used_are_named(tmp_path: Path, files: Files) -> None:
    Path(files.key).unlink()
    path = settings(tmp_path, 'carrier = ["127.0.0.1:9"]\n' + server_tls(files))
    for command in ("check", "run"):
        done = subprocess.run(
            [sys.executable, "-m", "proxy", command, str(path)], capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 1
        assert "route test: tls" in done.stderr
        assert files.key in done.stderr


def test_tls_without_a_key_passes_uninspected_only_if_the_route_says_so(tmp_path: Path, files: Files) -> None:
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\ntls = "passthrough"\n')
        with ProxyProcess(path) as proxy:
            raw = socket.create_connection(proxy.address(), PATIENCE)
            hello = b"\x16\x03\x01\x00\x05hello"
            with Peer(raw) as client:
                client.send(hello)
                with bare.accept() as smsc:
                    assert smsc.read_exactly(len(hello)) == hello
                    smsc.send(b"whatever it says")
                    assert client.read_exactly(16) == b"whatever it says"
                    client.sock.shutdown(socket.SHUT_WR)
                    assert smsc.read_all() == b""
            proxy.wait_for("session_uninspected")
            proxy.wait_for("session_end")
            assert metric(proxy, "uninspected_sessions_total", route="test") == 1
            with Esme(proxy.address(), bind=False) as esme:
                esme.send(write.bind("platform", "x"))
                with bare.accept() as smsc:
                    assert smsc.read() == write.bind("platform", "x")


# The PROXY protocol.

V1 = b"PROXY TCP4 203.0.113.7 198.51.100.1 40000 2775\r\n"
V2 = header(Endpoint("203.0.113.7", 40000), Endpoint("198.51.100.1", 2775))
V6 = header(Endpoint("2001:db8::7", 40000), Endpoint("2001:db8::1", 2775))
LOCAL = b"\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00"


@pytest.mark.parametrize(
    ("first", "peer"),
    [(V1, "203.0.113.7:40000"), (V2, "203.0.113.7:40000"), (V6, "[2001:db8::7]:40000"), (LOCAL, "127.0.0.1")],
    ids=["v1", "v2", "v2 of IPv6", "local"],
)
def test_a_balancer_says_who_the_client_is(tmp_path: Path, first: bytes, peer: str) -> None:
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\nproxy_protocol = ["127.0.0.0/8"]\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme:
            bind = write.bind("platform", "x")
            esme.send(first + bind)
            with bare.accept() as smsc:
                assert smsc.read() == bind
            assert proxy.wait_for("session_start")["peer"].startswith(peer)


@pytest.mark.parametrize(
    "first",
    [
        write.bind("platform", "x"),
        b"PROXY TCP4 nonsense\r\n",
        b"PROXY " + b"x" * 200,
        V2[:12] + b"\x21\x11\x00\x02ab",
        b"\r\n\r\n\0\r\nQUIT\n\x31\x11\x00\x0c" + bytes(12),
    ],
    ids=["none", "malformed", "endless", "short", "version 3"],
)
def test_a_balancer_without_a_good_header_is_not_served(tmp_path: Path, first: bytes) -> None:
    path = settings(tmp_path, f'carrier = ["{closed_port()}"]\nproxy_protocol = ["127.0.0.1"]\n')
    with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme:
        esme.send(first)
        assert esme.read_all() == b""
        assert "PROXY protocol" in proxy.wait_for("connection_refused")["reason"]


def test_nobody_else_s_header_is_believed(tmp_path: Path) -> None:
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\nproxy_protocol = ["192.0.2.0/24"]\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme:
            esme.send(V1)
            assert esme.read_all() == pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0)
            assert proxy.wait_for("session_end")["ended_by"] == "frame_error"


def test_a_carrier_may_be_told_who_the_client_is(tmp_path: Path) -> None:
    with BareSmsc() as bare:
        path = settings(tmp_path, f'[[route.carrier]]\naddress = "{bare.address}"\nproxy_protocol = "v2"\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme, bare.accept() as smsc:
            ours = header(Endpoint(*esme.sock.getsockname()), Endpoint(*proxy.address()))
            assert smsc.read_exactly(len(ours)) == ours
            the_story(esme, smsc)


def test_an_original_carrier_from_a_balancer(tmp_path: Path) -> None:
    with BareSmsc() as bare:
        host, _, port = bare.address.rpartition(":")
        path = settings(tmp_path, 'carrier = "original"\nproxy_protocol = ["127.0.0.1"]\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme:
            esme.send(header(Endpoint("127.0.0.1", 40000), Endpoint(host, int(port))))
            with bare.accept() as smsc:
                the_story(esme, smsc)


@pytest.mark.parametrize("said", ["local", "ourselves"])
def test_a_balancer_that_names_no_destination_but_us_starts_no_circle(tmp_path: Path, said: str) -> None:
    path = settings(tmp_path, 'carrier = "original"\nproxy_protocol = ["127.0.0.1"]\n')
    with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme:
        us = Endpoint(*proxy.address())
        esme.send(LOCAL if said == "local" else header(Endpoint("203.0.113.7", 1), us))
        assert esme.read_all() == b""
        assert "our own address" in proxy.wait_for("connection_refused")["reason"]


# Carriers.


def test_a_source_of_our_own(tmp_path: Path) -> None:
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\nsource = "127.0.0.9"\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False), bare.accept() as smsc:
            assert smsc.sock.getpeername()[0] == "127.0.0.9"


def test_a_carrier_that_answers_no_bind_is_passed_over_until_it_answers_one(tmp_path: Path) -> None:
    with BareSmsc() as mute, BareSmsc() as second:
        limits = "[limits]\nclose_timeout = 0.5\nbind_answer_timeout = 0.5\n"
        path = settings(tmp_path, f'carrier = ["{mute.address}", "{second.address}"]\n', limits)
        with ProxyProcess(path) as proxy:
            with Esme(proxy.address(), bind=False) as esme, mute.accept():
                esme.send(write.bind("platform", "x"))
                assert esme.read_all() == b""
            line = proxy.wait_for("carrier_down")
            assert line["carrier"] == mute.address
            assert "no answer to a bind" in line["reason"]
            rewrite(path, "bind_answer_timeout = 0.5", "bind_answer_timeout = 60.0")  # for the binds that are answered
            reload(proxy)
            with Esme(proxy.address(), bind=False) as esme:
                second.accept_bind(esme).sock.close()
            seen = 0
            while not any(e["event"] == "carrier_up" for e in proxy.events):  # it gets one session again after a while
                with Esme(proxy.address(), bind=False) as esme:
                    seen += 1
                    carrier = proxy.wait_for_another("session_start", seen + 1)["carrier"]
                    peer = (mute if carrier == mute.address else second).accept_bind(esme)
                    peer.sock.close()
                assert seen < 10_000
            assert proxy.wait_for("carrier_up")["carrier"] == mute.address


def test_a_carrier_that_hangs_up_instead_of_answering_is_down(tmp_path: Path) -> None:
    with BareSmsc() as rude, BareSmsc() as second:
        path = settings(tmp_path, f'carrier = ["{rude.address}", "{second.address}"]\n')
        with ProxyProcess(path) as proxy:
            with Esme(proxy.address(), bind=False) as esme:
                with rude.accept() as peer:
                    esme.send(write.bind("platform", "x"))
                    peer.read()
                assert esme.read_all() == b""
            assert "instead of answering" in proxy.wait_for("carrier_down")["reason"]
            with Esme(proxy.address(), bind=False) as esme:
                second.accept_bind(esme).sock.close()


def test_a_carrier_that_falls_silent_on_a_bound_session_is_down_and_the_session_goes_on(tmp_path: Path) -> None:
    with BareSmsc() as silent, BareSmsc() as second:
        limits = "[limits]\nclose_timeout = 0.5\ncarrier_silence = 0.6\n"
        path = settings(tmp_path, f'carrier = ["{silent.address}", "{second.address}"]\n', limits)
        with (
            ProxyProcess(path) as proxy,
            Esme(proxy.address(), bind=False) as esme,
            silent.accept_bind(esme) as smsc,
        ):
            submit = write.submit_sm(A, B, b"hello", sequence=7)
            esme.send(submit)
            assert smsc.read() == submit
            assert "no answer to anything" in proxy.wait_for("carrier_down")["reason"]
            with Esme(proxy.address(), bind=False) as other:
                second.accept_bind(other).sock.close()
            smsc.send(write.pdu(pdu.SUBMIT_SM | RESPONSE, b"id\0", sequence=7))
            assert pdu.HEADER.unpack_from(esme.read())[3] == 7


def test_a_platform_is_not_blamed_for_the_smsc_that_outbinds(tmp_path: Path) -> None:
    """It is the one that connected to us which answers binds, or hangs up on them."""
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\ndirection = "outbind"\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as smsc, bare.accept() as platform:
            platform.send(write.bind("platform", "x"))
            smsc.read()
            smsc.sock.close()
            assert platform.read_all() == b""
            platform.sock.close()
            proxy.wait_for("session_end")
            assert not [e for e in proxy.events if e["event"] == "carrier_down"]


def test_a_generic_nack_answers_a_bind_too(tmp_path: Path) -> None:
    limits = "[limits]\nclose_timeout = 0.5\nbind_answer_timeout = 4.0\nbind_timeout = 5.0\n"
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\n', limits)
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme, bare.accept() as smsc:
            esme.send(write.bind("platform", "wrong"))
            smsc.read()
            smsc.send(write.pdu(pdu.GENERIC_NACK, status=3))
            assert pdu.HEADER.unpack_from(esme.read())[1] == pdu.GENERIC_NACK
            assert esme.read_all() == b""
            assert "no accepted bind" in proxy.wait_for("session_end")["reason"]
            assert not [e for e in proxy.events if e["event"] == "carrier_down"]


def test_a_refused_bind_says_nothing_against_the_carrier(tmp_path: Path) -> None:
    with BareSmsc() as bare, ProxyProcess(settings(tmp_path, f'carrier = ["{bare.address}"]\n')) as proxy:
        with Esme(proxy.address(), bind=False) as esme, bare.accept() as smsc:
            esme.send(write.bind("platform", "wrong"))
            smsc.read()
            smsc.send(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"", status=0x0E))
            esme.read()
            proxy.wait_for("bind_refused")
        assert not [e for e in proxy.events if e["event"] == "carrier_down"]


def answer_bind(bare: BareSmsc, address: tuple[str, int], status: int) -> None:
    """A client binds, and the SMSC answers so."""
    with Esme(address, bind=False) as esme, bare.accept() as smsc:
        esme.send(write.bind("platform", "x"))
        smsc.read()
        smsc.send(write.pdu(pdu.BIND_TRANSCEIVER | RESPONSE, b"", status=status))
        assert pdu.HEADER.unpack_from(esme.read())[2] == status


RSYSERR = 0x08


def test_a_client_whose_binds_fail_diverts_nobody_while_others_are_served(tmp_path: Path) -> None:
    with BareSmsc() as first, BareSmsc() as second:
        path = settings(tmp_path, f'carrier = ["{first.address}", "{second.address}"]\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme, first.accept_bind(esme):
            for _ in range(5):
                answer_bind(first, proxy.address(), RSYSERR)
            with Esme(proxy.address(), bind=False) as other:
                first.accept_bind(other).sock.close()
            assert not [e for e in proxy.events if e["event"] == "carrier_down"]


def test_a_carrier_that_can_serve_nobody_is_down_after_some_binds(tmp_path: Path) -> None:
    with BareSmsc() as first, BareSmsc() as second:
        path = settings(tmp_path, f'carrier = ["{first.address}", "{second.address}"]\n')
        with ProxyProcess(path) as proxy:
            for _ in range(2):
                answer_bind(first, proxy.address(), RSYSERR)
            answer_bind(first, proxy.address(), 0x0E)  # it serves: the others were those clients' own fault
            for _ in range(3):
                answer_bind(first, proxy.address(), RSYSERR)
            assert "ESME_RSYSERR" in proxy.wait_for("carrier_down")["reason"]
            with Esme(proxy.address(), bind=False) as other:
                second.accept_bind(other).sock.close()


def test_a_bind_flood_reaches_the_carrier_only_up_to_the_limit(tmp_path: Path) -> None:
    limits = "[limits]\nclose_timeout = 0.5\nbinds_per_minute = 5\n"
    with BareSmsc() as bare:
        path = settings(tmp_path, f'carrier = ["{bare.address}"]\n', limits)
        with ProxyProcess(path) as proxy:
            with Esme(proxy.address(), bind=False) as esme, bare.accept() as smsc:
                esme.send(write.bind("x", "y") * 20_000)
                assert smsc.read_all() == write.bind("x", "y") * 5
            line = proxy.wait_for("session_end")
            assert (line["ended_by"], line["reason"]) == ("limit", "limits.binds_per_minute")


def test_receiver_and_transmitter_go_to_the_same_carrier_while_it_is_up(tmp_path: Path) -> None:
    """The first carrier was down when the receiver came; it is back, and the transmitter still goes to the second."""
    first_address = closed_port()
    with BareSmsc() as second:
        workers = f"{SHORT}[workers]\ncount = 2\n"
        path = settings(tmp_path, f'carrier = ["{first_address}", "{second.address}"]\n', workers)
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as receiver:
            peer = second.accept_bind(receiver)
            while not metric(proxy, "carrier_up", carrier=second.address):
                pass  # until the supervisor knows where the receiver went, which takes it a moment
            with peer, socket.create_server(tuple(first_address)):
                for _ in range(4):
                    with Esme(proxy.address(), bind=False) as transmitter:
                        second.accept_bind(transmitter).sock.close()
            starts = [e["carrier"] for e in proxy.events if e["event"] == "session_start"]
            assert set(starts) == {second.address}


def test_a_name_s_other_addresses_are_tried(tmp_path: Path) -> None:
    """localhost may be ::1 and 127.0.0.1; only one of them listens."""
    with BareSmsc() as bare:
        port = bare.address.rpartition(":")[2]
        path = settings(tmp_path, f'carrier = ["localhost:{port}"]\n')
        with ProxyProcess(path) as proxy, Esme(proxy.address(), bind=False) as esme, bare.accept() as smsc:
            the_story(esme, smsc)


def test_an_smsc_that_outbinds_is_relayed(tmp_path: Path) -> None:
    """The SMSC connects, says outbind, and the ESME binds over that connection; a STOP is heard all the same."""
    with BareSmsc() as platform:  # the platform listens here
        path = settings(tmp_path, f'carrier = ["{platform.address}"]\ndirection = "outbind"\n')
        with ProxyProcess(path) as proxy, Peer(socket.create_connection(proxy.address(), PATIENCE)) as smsc:
            outbind = write.pdu(pdu.OUTBIND, b"smsc\0secret\0")
            smsc.send(outbind)
            with platform.accept() as accepted:
                esme = Esme.__new__(Esme)
                Peer.__init__(esme, accepted.sock)
                assert esme.read() == outbind
                the_story(esme, smsc)


# Rights.


WITHOUT_RIGHTS = ("setpriv", "--inh-caps", "-all", "--bounding-set", "-all") if os.geteuid() == 0 else ()


@pytest.mark.parametrize(("key", "value"), [("mode", "tproxy"), ("source", "client-ip")])
def test_a_missing_capability_is_named_with_the_command_that_grants_it(tmp_path: Path, key: str, value: str) -> None:
    path = settings(tmp_path, f'carrier = ["127.0.0.1:9"]\n{key} = "{value}"\n')
    command = [*WITHOUT_RIGHTS, sys.executable, "-m", "proxy", "run", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert f'{key} = "{value}"' in done.stderr
    assert "CAP_NET_ADMIN" in done.stderr
    assert "setpriv" in done.stderr
