"""The path of one route: how its connections come in, and where and how they go on."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from typing import Literal, NamedTuple

from proxy.net.endpoints import Endpoint
from proxy.net.transparent import Mode

Direction = Literal["bind", "outbind"]
"""Who connects to us: the ESME, to bind, or the SMSC, to outbind (SMPP 3.4, section 2.2.1)."""

SourceSetting = Literal["proxy", "client-ip", "client-ip-port"] | str
"""What address those we connect to see: ours as it comes, the client's, or one of ours by name."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Carrier(NamedTuple):
    """One of those that a route connects on to."""

    name: str
    """As the configuration names it; ``original``: where the client was going."""
    endpoint: Endpoint | None
    """None for ``original``."""
    tls: ssl.SSLContext | None = None
    server_name: str = ""
    """What its certificate must say, if not the host of its endpoint."""
    tells_client: bool = False
    """Whether a header of the PROXY protocol, version 2, tells it who the client is."""

    @classmethod
    def at(cls, endpoint: Endpoint) -> Carrier:
        """A plain one."""
        return cls(str(endpoint), endpoint)


@dataclass(frozen=True, slots=True)
class RoutePath:
    """The settings that connections of one route are made by."""

    carriers: tuple[Carrier, ...]
    mode: Mode = "address"
    source: SourceSetting = "proxy"
    direction: Direction = "bind"
    balancers: tuple[Network, ...] = ()
    """Those whose connections begin with a header of the PROXY protocol; nobody else's is read."""
    tls: ssl.SSLContext | None = None
    passes_tls: bool = False
    """Whether TLS that we have no key for is relayed blindly."""

    @property
    def needs_capability(self) -> bool:
        """Whether this takes the right to use addresses that are not ours."""
        return self.mode == "tproxy" or self.source.startswith("client-ip")

    def is_balancer(self, host: str) -> bool:
        """Whether connections from this address begin with a header of the PROXY protocol."""
        if not self.balancers:
            return False
        address = ipaddress.ip_address(host.partition("%")[0])
        return any(address in network for network in self.balancers)
