"""``scripts/lab``: build the small network, run the story through it, take it down."""

from __future__ import annotations

import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from proxy.smpp import write
from tests.e2e.peers import A, B, C
from tests.lab import network as lab
from tests.lab.session import bound, carrier, dial, proxy, submit_passes


class Mode(StrEnum):
    """As ``scripts/insert`` has them."""

    TPROXY_CLOSED = "tproxy-closed"
    TPROXY_BYPASS = "tproxy-bypass"
    REDIRECT_CLOSED = "redirect-closed"
    REDIRECT_BYPASS = "redirect-bypass"


def main(
    mode: Annotated[Mode, typer.Argument(help="How connections are brought to the proxy.")] = Mode.TPROXY_CLOSED,
    six: Annotated[bool, typer.Option("--ipv6", help="IPv6 instead of IPv4.")] = False,
    shell: Annotated[bool, typer.Option(help="Wait for Enter before all is taken down, to look around.")] = False,
) -> None:
    """Insert the proxy between a platform and a carrier that takes connections from the platform's addresses only."""
    if reason := lab.why_not():
        print(f"scripts/lab: this machine can't have the network: {reason}", file=sys.stderr)
        raise typer.Exit(1)
    source = "client-ip-port" if mode.startswith("tproxy") else "client-ip"
    with lab.network() as net, tempfile.TemporaryDirectory() as folder:
        print(lab.PICTURE)
        print(f"mode {mode}, source {source}; the hosts are the network namespaces", end=" ")
        print(", ".join(host.name for host in (net.platform, net.gateway, net.carrier)))
        with carrier(net, six=six) as server:
            with proxy(net, Path(folder), mode, source, six=six) as process:
                with bound(net, server, six=six) as (esme, smsc):
                    print(f"the platform is connected to  {_name(esme.sock.getpeername())}")
                    print(f"the carrier is connected to   {_name(smsc.sock.getpeername())}")
                    print(f"the platform's own address is {_name(esme.sock.getsockname())}")
                    submit_passes(esme, smsc, B)
                    print("a message to the consumer passes")
                    smsc.send(write.deliver_sm(B, A, b"STOP", sequence=3))
                    esme.take()
                    smsc.read()
                    print("the consumer says STOP; the platform hears it")
                    print(f"the next message is refused: command_status 0x{esme.submit(A, B, sequence=8):02X}")
                    submit_passes(esme, smsc, C)
                    print("a message to another consumer passes")
                    if shell:
                        input("Enter to go on: ")
                process.kill()
            try:
                with dial(net, six=six):
                    print("the proxy was killed: a new connection passes to the carrier, uninspected")
            except ConnectionRefusedError:
                print("the proxy was killed: a new connection is refused")


def _name(address: tuple[str, int]) -> str:
    return f"{address[0]} port {address[1]}"


typer.run(main)
