"""The simulator over TLS, and what it says of clients that speak something else."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
import trustme

from proxy.smpp import pdu, write
from proxy.smpp.pdu import RESPONSE
from tests.e2e.peers import PATIENCE, Peer


@pytest.fixture
def pem(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate with its key, and a client's context that trusts it."""
    authority, file = trustme.CA(), tmp_path / "smsc.pem"
    authority.issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(file)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return file, context


def simulate(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "proxy", "simulate", "--listen", "127.0.0.1:0", "--control", "", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def address_in(line: str) -> tuple[str, int]:
    host, _, port = line.split()[3].rpartition(":")
    return host, int(port)


def test_a_client_binds_over_tls_and_sends(pem: tuple[Path, ssl.SSLContext]) -> None:
    file, context = pem
    with simulate("--certificate", file) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.endswith("(TLS)\n")
        plain = socket.create_connection(address_in(line), PATIENCE)
        with Peer(context.wrap_socket(plain, server_hostname="localhost")) as peer:
            assert peer.ask(write.bind("platform", "x")) == (pdu.BIND_TRANSCEIVER | RESPONSE, 0, 1)
            submit = write.submit_sm(write.address("15551230001"), write.address("15559870001"), b"hi", sequence=2)
            assert peer.ask(submit)[:2] == (pdu.SUBMIT_SM | RESPONSE, 0)
        process.terminate()


def test_who_knocks_in_another_language_is_told_of(pem: tuple[Path, ssl.SSLContext]) -> None:
    file, context = pem
    with simulate("--certificate", file) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        with socket.create_connection(address_in(process.stdout.readline()), PATIENCE) as plain:
            plain.sendall(write.bind("platform", "x"))
            plain.settimeout(PATIENCE)
            while plain.recv(100):
                pass
        assert "connected from" in process.stderr.readline()
        assert "no TLS came about" in process.stderr.readline()
        process.terminate()
    with simulate() as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = address_in(process.stdout.readline())
        with socket.create_connection(address, PATIENCE) as plain, pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(plain, server_hostname="localhost")
        process.stderr.readline()
        assert "a TLS client on a plain port?" in process.stderr.readline()
        process.terminate()


def test_a_certificate_that_can_not_be_read_is_said(tmp_path: Path) -> None:
    with simulate("--certificate", tmp_path / "none.pem") as process:
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "none.pem" in said
