"""TLS on either side: contexts from files, and handshakes whose failures say what is wrong."""

from __future__ import annotations

import ssl
from contextlib import suppress
from typing import NamedTuple

import trio

from proxy.net.sockets import Gone, close_gently, or_gone

TLS_RECORD = 0x16
"""The first octet that a TLS client sends: a handshake record (RFC 8446, section 5.1)."""


class TlsFailed(Exception):
    """No TLS connection came about; the message says why."""


class ServerTls(NamedTuple):
    """How we show ourselves, by files in PEM; with ``client_ca``, clients must show a certificate that it signed."""

    certificate: str
    key: str
    client_ca: str = ""
    minimum: str = "1.2"

    def context(self) -> ssl.SSLContext:
        """Read the files. Raises ``OSError`` or ``ssl.SSLError``."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = _VERSIONS[self.minimum]
        context.load_cert_chain(self.certificate, self.key or None)
        if self.client_ca:
            context.load_verify_locations(self.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


class ClientTls(NamedTuple):
    """How we connect to others; ``ca`` empty means those that the system trusts."""

    ca: str = ""
    verify: bool = True
    server_name: str = ""
    certificate: str = ""
    key: str = ""
    minimum: str = "1.2"

    def context(self) -> ssl.SSLContext:
        """Read the files. Raises ``OSError`` or ``ssl.SSLError``."""
        context = ssl.create_default_context(cafile=self.ca or None)
        context.minimum_version = _VERSIONS[self.minimum]
        if not self.verify:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.certificate:
            context.load_cert_chain(self.certificate, self.key or None)
        return context


_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}

Stream = trio.SocketStream | trio.SSLStream[trio.SocketStream]
"""One side of a session."""


async def accept_tls(stream: trio.SocketStream, context: ssl.SSLContext) -> Stream:
    """Be the server of a handshake; raises ``TlsFailed``."""
    return await _shake_hands(trio.SSLStream(stream, context, server_side=True, https_compatible=True))


async def connect_tls(stream: trio.SocketStream, context: ssl.SSLContext, server_name: str) -> Stream:
    """Be the client of a handshake; raises ``TlsFailed``."""
    return await _shake_hands(trio.SSLStream(stream, context, server_hostname=server_name, https_compatible=True))


async def _shake_hands(stream: trio.SSLStream[trio.SocketStream]) -> Stream:
    try:
        await stream.do_handshake()
    except (trio.BrokenResourceError, ssl.CertificateError) as error:
        raise TlsFailed(_why(error)) from error
    return stream


def _why(error: BaseException) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"the certificate is not good: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        reason = cause.reason or str(cause)
        if reason in ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"):
            return "the other side does not speak TLS"
        return reason.replace("_", " ").lower()
    return "the connection was closed during the handshake"


async def close_side(stream: Stream, within: float) -> None:
    """Close a side without losing what was sent last, see ``close_gently``; on TLS, after saying goodbye."""
    deadline = trio.current_time() + within
    connection = socket_of(stream)  # which the stream forgets when it has said goodbye
    if isinstance(stream, trio.SSLStream):
        with trio.move_on_at(deadline):
            with suppress(Gone), or_gone():
                await stream.unwrap()
    await close_gently(connection, max(0.0, deadline - trio.current_time()))


def socket_of(stream: Stream) -> trio.SocketStream:
    """The TCP connection under a side."""
    return stream if isinstance(stream, trio.SocketStream) else stream.transport_stream
