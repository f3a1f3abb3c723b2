"""Connections as they come in: who is behind them, where they were going, and whether they speak TLS."""

from __future__ import annotations

import socket
from typing import NamedTuple

import trio

from proxy.net.endpoints import Endpoint
from proxy.net.path import RoutePath
from proxy.net.proxy_protocol import HeaderError, read_header
from proxy.net.timeouts import Limits
from proxy.net.tls import TLS_RECORD, Stream, TlsFailed, accept_tls, socket_of
from proxy.net.transparent import is_ours, original_destination


class NotServed(Exception):
    """This connection is closed before anything is relayed; the message says why."""


class Arrival(NamedTuple):
    """A connection that is to be relayed."""

    stream: Stream
    client: Endpoint
    destination: Endpoint
    """Where the client was going."""
    is_opaque: bool = False
    """It speaks TLS that we have no key for."""
    is_behind_balancer: bool = False


async def arrive(stream: trio.SocketStream, path: RoutePath, limits: Limits) -> Arrival:
    """Read what must be read before a session; raises ``NotServed``, or what tells that it is gone."""
    host, port = stream.socket.getpeername()[:2]
    arrival = Arrival(stream, Endpoint(host, port), _destination(stream, path))
    with trio.move_on_after(limits.bind_timeout) as patience:
        if path.is_balancer(host):
            arrival = await _behind_balancer(arrival)
        if path.tls is not None or path.passes_tls:
            arrival = await _with_tls(arrival, path)
    if patience.cancelled_caught:
        raise NotServed(f"nothing usable came within {limits.bind_timeout:g} s")
    if _goes_in_a_circle(arrival, path):
        raise NotServed("it came to our own address, so where it was going is not known: it would be relayed to us")
    return arrival


def _destination(stream: trio.SocketStream, path: RoutePath) -> Endpoint:
    try:
        return original_destination(stream.socket, path.mode)
    except OSError as error:
        raise NotServed(f"it was not redirected to us, so where it was going is not known ({error.strerror})") from None


def _goes_in_a_circle(arrival: Arrival, path: RoutePath) -> bool:
    """Whether relaying this to where it was going would bring it back to us.

    With TPROXY the port that we listen on can't be told from the connection, so all of our addresses count.
    """
    if not any(carrier.endpoint is None for carrier in path.carriers):
        return False
    our_port = socket_of(arrival.stream).socket.getsockname()[1]
    is_our_port = path.mode == "tproxy" or arrival.destination.port == our_port
    return is_our_port and is_ours(arrival.destination.host)


async def _behind_balancer(arrival: Arrival) -> Arrival:
    assert isinstance(arrival.stream, trio.SocketStream)
    try:
        found = await read_header(arrival.stream)
    except HeaderError as error:
        raise NotServed(f"proxy_protocol names its network, but {error}") from None
    if found is None:
        return arrival
    client, destination = found
    return arrival._replace(client=client, destination=destination, is_behind_balancer=True)


async def _with_tls(arrival: Arrival, path: RoutePath) -> Arrival:
    assert isinstance(arrival.stream, trio.SocketStream)
    first = await _first_octet(arrival.stream)
    if first is None:
        raise NotServed("it was closed before anything was sent")
    if path.tls is None:
        return arrival._replace(is_opaque=first == TLS_RECORD)
    if first != TLS_RECORD:
        raise NotServed("a plain client on a TLS port: it must be set to use TLS, or sent to a port without")
    try:
        return arrival._replace(stream=await accept_tls(arrival.stream, path.tls))
    except TlsFailed as error:
        raise NotServed(f"no TLS came about: {error}") from None


async def _first_octet(stream: trio.SocketStream) -> int | None:
    """What the client sends first, left to be read; None if it closed."""
    octets = await stream.socket.recv(1, socket.MSG_PEEK)
    return octets[0] if octets else None
