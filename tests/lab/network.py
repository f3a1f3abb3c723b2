"""A small network on one machine: a platform's host, a gateway that runs the proxy, a carrier's host.

Each host is a network namespace of its own. The carrier's host takes SMPP connections from the platform's addresses
only, as carriers do; the gateway's own addresses are refused.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.lab.link import Link, open_tun

PORT = 2775
PLATFORM, CARRIER = "10.77.1.2", "10.77.2.2"
PLATFORM6, CARRIER6 = "fd77:1::2", "fd77:2::2"
GATEWAY, GATEWAY_TO_CARRIER = "10.77.1.1", "10.77.2.1"
PLATFORMS, CARRIERS = "10.77.1.0/24,fd77:1::/64", "10.77.2.0/24,fd77:2::/64"

PICTURE = """
  platform                          gateway                           carrier
  10.77.1.2 -------------- 10.77.1.1      10.77.2.1 -------------- 10.77.2.2:2775
  fd77:1::2              fd77:1::1          fd77:2::1              fd77:2::2
                              the proxy              takes connections from 10.77.1.2
                                                     and fd77:1::2, from nobody else
"""

ROOT = Path(__file__).parent.parent.parent
_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def why_not() -> str:
    """What keeps this machine from having such a network; empty if nothing does."""
    missing = [tool for tool in ("ip", "nft", "tc") if shutil.which(tool) is None]
    if missing:
        return f"needs {', '.join(missing)} (Debian: iproute2, nftables)"
    if os.geteuid() != 0:
        return "needs root, to make network namespaces"
    name = f"probe-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"needs network namespaces: {made.stderr.strip()}"
    table = subprocess.run(["ip", "netns", "exec", name, "nft", "list", "tables"], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "del", name], check=False)
    return "" if table.returncode == 0 else "needs nftables in the kernel"


class Host:
    """One host: ``with host:`` has this thread, and what it starts, be there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._before: list[int] = []

    def __enter__(self) -> Self:
        self._before.append(os.open(f"/proc/self/task/{threading.get_native_id()}/ns/net", os.O_RDONLY))
        there = os.open(f"/run/netns/{self.name}", os.O_RDONLY)
        try:
            _enter(there)
        finally:
            os.close(there)
        return self

    def __exit__(self, *exc_info: object) -> None:
        before = self._before.pop()
        try:
            _enter(before)
        finally:
            os.close(before)

    def run(self, command: str) -> str:
        """Run a command on this host; raises ``CalledProcessError`` with what it said."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.name, *command.split()], capture_output=True, text=True, check=False, cwd=ROOT
        )
        if done.returncode:
            raise RuntimeError(f"{self.name}: {command}: {done.stdout}{done.stderr}")
        return done.stdout


class Network:
    """The three hosts. The link to the carrier can be spoilt and cut."""

    def __init__(self, name: str) -> None:
        self.platform, self.gateway, self.carrier = (Host(f"{name}-{role}") for role in ("plat", "gate", "carr"))

    def insert(self, mode: str, *, verb: str = "up") -> str:
        """``scripts/insert`` on the gateway."""
        return self.gateway.run(f"scripts/insert {verb} {mode} --platforms {PLATFORMS} --carriers {CARRIERS}")

    @property
    def has_netem(self) -> bool:
        """Whether this kernel can spoil links by itself."""
        tried = subprocess.run(
            [
                "ip",
                "netns",
                "exec",
                self.gateway.name,
                "tc",
                "qdisc",
                "add",
                "dev",
                "lo",
                "root",
                "netem",
                "delay",
                "1ms",
            ],
            capture_output=True,
            check=False,
        )
        return tried.returncode == 0

    def spoil(self, netem: str) -> None:
        """Have the gateway's links lose, delay or reorder packets, as ``tc netem`` does."""
        for link in ("to-plat", "to-carr"):
            self.gateway.run(f"tc qdisc replace dev {link} root netem {netem}")

    @contextmanager
    def bad_link(self) -> Iterator[Link]:
        """Between gateway and carrier, a link that this process carries packets over, and may spoil."""
        ends = []
        for host, here, there in ((self.gateway, 1, 2), (self.carrier, 2, 1)):
            host.run(f"ip link set {'to-carr' if here == 1 else 'to-gate'} down")
            with host:
                ends.append(open_tun("bad"))
            host.run(f"ip addr add 10.77.3.{here}/30 dev bad")
            host.run("ip link set bad up")
            subnet = f"10.77.2.{there}/32" if here == 1 else "10.77.1.0/24"
            host.run(f"ip route replace {subnet} via 10.77.3.{there} dev bad")
        self.carrier.run(f"ip addr add {CARRIER}/32 dev lo")
        with Link(*ends) as link:
            yield link

    def set_mtu(self, size: int) -> None:
        """The largest packet on all links."""
        for host, link in self._links():
            host.run(f"ip link set {link} mtu {size}")

    def cut(self, host: Host) -> None:
        """Have all packets to and from this host vanish, without anybody being told."""
        host.run("nft add table inet cut")
        for hook in ("input", "output"):
            host.run(f"nft add chain inet cut {hook} {{ type filter hook {hook} priority -500 ; policy drop ; }}")

    def _links(self) -> tuple[tuple[Host, str], ...]:
        return (
            (self.platform, "to-gate"),
            (self.gateway, "to-plat"),
            (self.gateway, "to-carr"),
            (self.carrier, "to-gate"),
        )

    def make(self) -> None:
        """Add the hosts, their links and addresses, and the carrier's rule about who may connect."""
        for host in (self.platform, self.gateway, self.carrier):
            _ip(f"netns add {host.name}")
            host.run("ip link set lo up")
        for host, ours, net in ((self.platform, "to-plat", 1), (self.carrier, "to-carr", 2)):
            _ip(f"link add {ours} netns {self.gateway.name} type veth peer name to-gate netns {host.name}")
            for each, link, last in ((self.gateway, ours, 1), (host, "to-gate", 2)):
                each.run(f"ip addr add 10.77.{net}.{last}/24 dev {link}")
                each.run(f"ip addr add fd77:{net}::{last}/64 dev {link} nodad")
                each.run(f"ip link set {link} up")
            host.run(f"ip route add default via 10.77.{net}.1")
            host.run(f"ip route add default via fd77:{net}::1")
        self.gateway.run("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
        self.carrier.run("nft add table inet who")
        self.carrier.run("nft add chain inet who input { type filter hook input priority 0 ; policy accept ; }")
        self.carrier.run(f"nft add rule inet who input ip saddr != {PLATFORM} tcp dport {PORT} reject with tcp reset")
        self.carrier.run(f"nft add rule inet who input ip6 saddr != {PLATFORM6} tcp dport {PORT} reject with tcp reset")

    def remove(self) -> None:
        """Take all of it away."""
        for host in (self.platform, self.gateway, self.carrier):
            subprocess.run(["ip", "netns", "del", host.name], capture_output=True, check=False)


@contextmanager
def network() -> Iterator[Network]:
    """A network of its own, gone afterwards."""
    made = Network(f"lab{os.getpid()}")
    try:
        made.make()
        yield made
    finally:
        made.remove()


def _ip(command: str) -> None:
    subprocess.run(["ip", *command.split()], check=True)


def _enter(descriptor: int) -> None:
    if _libc.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
