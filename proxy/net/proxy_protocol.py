"""The PROXY protocol, versions 1 and 2 (haproxy.org/download/3.0/doc/proxy-protocol.txt): who is behind a balancer."""

from __future__ import annotations

import ipaddress
import struct

import trio
from proxyprotocol import ProxyProtocolIncompleteError
from proxyprotocol.detect import ProxyProtocolDetect
from proxyprotocol.result import ProxyResultIPv4, ProxyResultIPv6
from proxyprotocol.v2 import ProxyProtocolV2

from proxy.net.endpoints import Endpoint

_V1_LIMIT = 107
"""Octets of the longest header of version 1, with its CR LF."""


class HeaderError(Exception):
    """What came is no header, though it must be."""


async def read_header(stream: trio.SocketStream) -> tuple[Endpoint, Endpoint] | None:
    """The client and where it was going; None if the balancer speaks for itself (LOCAL, UNKNOWN). Reads nothing more.

    Raises ``HeaderError``.
    """
    protocol, data = ProxyProtocolDetect(), b""
    while True:
        try:
            found = protocol.unpack(data)
        except ProxyProtocolIncompleteError as error:
            wanted = error.want_read.want_bytes
            data += await _read(stream, wanted) if wanted else await _read_line(stream)
        except (ValueError, struct.error, IndexError) as error:
            raise HeaderError(f"no header of the PROXY protocol: {error}") from None
        else:
            break
    if not isinstance(found, ProxyResultIPv4 | ProxyResultIPv6):
        return None
    return Endpoint(str(found.source[0]), found.source[1]), Endpoint(str(found.dest[0]), found.dest[1])


def header(client: Endpoint, destination: Endpoint) -> bytes:
    """A header of version 2 that says who is behind a connection that we make."""
    source, dest = ipaddress.ip_address(client.host), ipaddress.ip_address(destination.host)
    if isinstance(source, ipaddress.IPv4Address) and isinstance(dest, ipaddress.IPv4Address):
        return bytes(ProxyProtocolV2().pack(ProxyResultIPv4((source, client.port), (dest, destination.port))))
    six = (_six(source), client.port), (_six(dest), destination.port)
    return bytes(ProxyProtocolV2().pack(ProxyResultIPv6(*six)))


def _six(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv6Address:
    if isinstance(address, ipaddress.IPv6Address):
        return address
    return ipaddress.IPv6Address(b"\0" * 10 + b"\xff\xff" + address.packed)


async def _read(stream: trio.SocketStream, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = await stream.receive_some(count - len(data))
        if not more:
            raise HeaderError("the connection was closed before the header of the PROXY protocol was whole")
        data += more
    return data


async def _read_line(stream: trio.SocketStream) -> bytes:
    line = b""
    while not line.endswith(b"\r\n"):
        if len(line) > _V1_LIMIT:
            raise HeaderError("a header of the PROXY protocol, version 1, that doesn't end")
        line += await _read(stream, 1)
    return line
