"""Connecting to one carrier: its addresses, the source that it sees, the PROXY protocol, TLS."""

from __future__ import annotations

import socket
from typing import NamedTuple

import trio

from proxy.net.arrivals import Arrival
from proxy.net.endpoints import Endpoint
from proxy.net.path import Carrier, SourceSetting
from proxy.net.proxy_protocol import header
from proxy.net.sockets import Gone, or_gone, tune, why
from proxy.net.timeouts import Limits
from proxy.net.tls import Stream, TlsFailed, connect_tls
from proxy.net.transparent import Source, bind_to


class NotConnected(Exception):
    """A carrier took no connection; the message says why."""


class CarrierConnection(NamedTuple):
    """A connection to a carrier, and the very address that took it."""

    stream: Stream
    address: Endpoint


async def connect_to(
    carrier: Carrier, arrival: Arrival, setting: SourceSetting, limits: Limits, prefer: Endpoint | None = None
) -> CarrierConnection:
    """Connect to a carrier on behalf of a client. Raises ``NotConnected``; the caller limits the time.

    A name is resolved each time, and all its addresses are tried; ``prefer`` is the one to try first if it is among
    them.
    """
    endpoint = carrier.endpoint or arrival.destination
    source = source_for(setting, arrival.client)
    try:
        stream = await _open(endpoint, source, prefer)
    except OSError as error:
        raise NotConnected(why(error)) from error
    try:
        with or_gone():
            tune(stream, limits)
            address = Endpoint(*stream.socket.getpeername()[:2])
            if carrier.tells_client:
                await stream.send_all(header(arrival.client, arrival.destination))
            if carrier.tls is None:
                return CarrierConnection(stream, address)
            server_name = carrier.server_name or endpoint.host
            return CarrierConnection(await connect_tls(stream, carrier.tls, server_name), address)
    except BaseException as error:
        await trio.aclose_forcefully(stream)
        if isinstance(error, TlsFailed):
            raise NotConnected(f"no TLS came about: {error}") from error
        if isinstance(error, Gone):
            raise NotConnected("it closed the connection at once") from error
        raise


def source_for(setting: SourceSetting, client: Endpoint) -> Source | None:
    """The source that this setting means for a client; None for whichever the kernel chooses."""
    match setting:
        case "proxy":
            return None
        case "client-ip":
            return Source(client.host, is_foreign=True)
        case "client-ip-port":
            return Source(client.host, client.port, is_foreign=True)
        case _:
            return Source(setting)


async def _open(endpoint: Endpoint, source: Source | None, prefer: Endpoint | None) -> trio.SocketStream:
    if source is None and prefer is None:
        return await trio.open_tcp_stream(endpoint.host, endpoint.port)
    family = 0 if source is None else socket.AF_INET6 if ":" in source.host else socket.AF_INET
    found = await trio.socket.getaddrinfo(endpoint.host, endpoint.port, family, socket.SOCK_STREAM)
    if source is None and not any(Endpoint(*at[:2]) == prefer for *_, at in found):
        return await trio.open_tcp_stream(endpoint.host, endpoint.port)
    found = sorted(found, key=lambda each: Endpoint(*each[4][:2]) != prefer)
    errors: list[OSError] = []
    for position, (family, kind, protocol, _, address) in enumerate(found):
        share = (trio.current_effective_deadline() - trio.current_time()) / (len(found) - position)
        sock = trio.socket.socket(family, kind, protocol)
        try:
            with trio.fail_after(max(share, 0)):
                if source is not None:
                    await bind_to(sock, source)
                await sock.connect(address)
            return trio.SocketStream(sock)
        except (OSError, trio.TooSlowError) as error:
            sock.close()
            errors.append(error if isinstance(error, OSError) else TimeoutError(0, "no answer in time"))
        except BaseException:
            sock.close()
            raise
    raise errors[-1]
