"""Addresses that are not ours: where a redirected client was going, and connecting under a client's own address."""

from __future__ import annotations

import errno
import ipaddress
import socket
import struct
from typing import Literal, NamedTuple

import trio

from proxy.net.endpoints import Endpoint

AnySocket = socket.socket | trio.socket.SocketType

Mode = Literal["address", "redirect", "tproxy"]
"""How connections reach us: to our own address, or to the carrier's with nftables' REDIRECT or TPROXY."""

_IP_TRANSPARENT, _IPV6_TRANSPARENT = 19, 75
_SO_ORIGINAL_DST = 80
_IP_BIND_ADDRESS_NO_PORT = 24
"""Names that Python's socket module doesn't have: linux/in.h, linux/in6.h, linux/netfilter_ipv4.h."""

HOW_TO_GRANT = (
    "it needs the capability CAP_NET_ADMIN (or CAP_NET_RAW). With systemd: put what `consent-proxy config "
    "systemd/transparent.conf` prints into /etc/systemd/system/consent-proxy.service.d/transparent.conf. By hand: sudo "
    "setpriv --reuid USER --clear-groups --inh-caps +net_admin --ambient-caps +net_admin consent-proxy run FILE"
)


class Source(NamedTuple):
    """The address that a connection is made from; ``port`` 0 is any. ``is_foreign``: it need not be one of ours."""

    host: str
    port: int = 0
    is_foreign: bool = False


def make_transparent(sock: AnySocket) -> None:
    """Let a socket have addresses that are not ours; raises ``PermissionError`` with what to do.

    A socket that a service manager made so (systemd: Transparent=yes) takes no right of ours.
    """
    six = sock.family == socket.AF_INET6
    option = (socket.IPPROTO_IPV6, _IPV6_TRANSPARENT) if six else (socket.SOL_IP, _IP_TRANSPARENT)
    try:
        if not sock.getsockopt(*option):
            sock.setsockopt(*option, 1)
    except PermissionError:
        raise PermissionError(errno.EPERM, HOW_TO_GRANT) from None


def check_capability() -> None:
    """Raises ``PermissionError``, with what to do, if sockets can't be made transparent."""
    with socket.socket() as sock:
        make_transparent(sock)


def original_destination(sock: trio.socket.SocketType, mode: Mode) -> Endpoint:
    """Where this accepted connection was going before it was brought to us. Raises ``OSError``."""
    if mode == "redirect":
        return _before_redirect(sock)
    host, port = sock.getsockname()[:2]
    return Endpoint(host, port)


def _before_redirect(sock: trio.socket.SocketType) -> Endpoint:
    """From the kernel's connection tracking, as struct sockaddr_in or sockaddr_in6."""
    if sock.family == socket.AF_INET6:
        octets = sock.getsockopt(socket.IPPROTO_IPV6, _SO_ORIGINAL_DST, 28)
        port, address = struct.unpack("!2xH4x16s4x", octets)
    else:
        octets = sock.getsockopt(socket.SOL_IP, _SO_ORIGINAL_DST, 16)
        port, address = struct.unpack("!2xH4s8x", octets)
    return Endpoint(str(ipaddress.ip_address(address)), port)


def is_ours(host: str) -> bool:
    """Whether this is an address of this machine: only such can be bound without more ado."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as sock:
        try:
            sock.bind((host, 0))
        except OSError:
            return False
    return True


async def bind_to(sock: trio.socket.SocketType, source: Source) -> None:
    """Have a socket connect from this address. Raises ``OSError``."""
    if source.is_foreign:
        make_transparent(sock)
    if source.port:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    else:
        sock.setsockopt(socket.SOL_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
    await sock.bind((source.host, source.port))
