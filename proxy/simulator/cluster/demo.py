"""The story of a cluster: three etcd members, three gateways, one simulated SMSC, real clients, and failures."""

from __future__ import annotations

import json
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread

from rich.console import Console
from rich.markup import escape
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LinkError
from smpplib.exceptions import PDUError

from proxy.simulator.cluster.forwarder import Forwarder
from proxy.simulator.cluster.members import Members
from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running, running
from proxy.simulator.story import A, B, StoryError, submit
from proxy.smpp import pdu, write

LEASE = 6
PATIENCE = 60.0
"""Seconds in which something must come; only ever used up when something is broken."""


class _Gateway:
    """One gateway with a client of its own, and the ways from it to etcd."""

    def __init__(self, name: str, proxy: ProxyProcess, client: Client, ways: list[Forwarder]) -> None:
        self.name = name
        self.proxy = proxy
        self.client = client
        self.ways = ways

    def submit(self) -> str:
        """The status of a message from A to B."""
        submit(self.client, A, B, "Your table is ready!")
        return pdu.status_name(int(self.client.read_pdu().status))

    def hear(self) -> None:
        """Take what comes, in a thread: the platform's side of a message from a handset."""
        self.client.read_once(auto_send_enquire_link=False)

    def serves(self) -> bool:
        """Whether it serves."""
        host, port = self.proxy.admin_address()
        with urllib.request.urlopen(f"http://{host}:{port}/status", timeout=10) as answer:
            return bool(json.load(answer)["cluster"]["serving"])


class _Story:
    """Plays the steps, and checks each."""

    def __init__(self, console: Console, members: Members, smscs: list[Running], gateways: list[_Gateway]) -> None:
        self.console = console
        self.members = members
        self.smscs = smscs
        self.gateways = gateways
        self._number = 0

    def step(self, what: str) -> None:
        self._number += 1
        self.console.print(f"\n[bold]{self._number}. {what}[/]")

    def say(self, at: int, text: str, *, is_taken: bool = True) -> None:
        """Have B say this over a gateway, and check what the carrier is answered."""
        gateway, statuses = self.gateways[at], list[int]()
        begun = time.monotonic()
        source, destination = write.address(B), write.address(A)

        def deliver() -> None:
            statuses.append(self.smscs[at].deliver(source, destination, text.encode()))

        handset = Thread(target=deliver)
        handset.start()
        if is_taken:
            gateway.hear()
        handset.join()
        taken = (time.monotonic() - begun) * 1000
        status = pdu.status_name(statuses[0])
        self.console.print(f"   B says “{escape(text)}” over {gateway.name}: the carrier is answered {status}", end="")
        self.console.print(f" [dim]({taken:.0f} ms)[/]")
        expect("the carrier was answered", status, "ESME_ROK" if is_taken else "ESME_RX_T_APPN")

    def submits(self, expected: str, *only: int) -> None:
        """Have the platform submit over all gateways (or these), and check the answers."""
        for at in only or range(len(self.gateways)):
            status = self.gateways[at].submit()
            colour = "green" if status == "ESME_ROK" else "red"
            self.console.print(f"   A → B over {self.gateways[at].name}: [{colour}]{status}[/]")
            expect(f"over {self.gateways[at].name}", status, expected)

    def until(self, what: str, condition: Callable[[], bool]) -> None:
        begun = time.monotonic()
        while not condition():
            if time.monotonic() - begun > PATIENCE:
                raise StoryError(f"{what}: it did not happen")
            time.sleep(0.05)
        self.console.print(f"   {what} [dim](after {time.monotonic() - begun:.1f} s)[/]")

    def play(self) -> None:
        three = self.gateways[2]
        self.step("A STOP over one gateway holds at all")
        self.submits("ESME_ROK")
        self.say(0, "STOP")
        self.submits("ESME_RINVDSTADR")
        self.step("etcd's leader is killed, and consent goes on")
        leader = self.members.leader()
        self.members.kill(leader)
        self.console.print(f"   etcd member {leader + 1} of 3 is gone")
        self.say(1, "START")
        self.submits("ESME_ROK")
        self.say(2, "STOP")
        self.submits("ESME_RINVDSTADR")
        self.members.start(leader)
        self.members.wait()
        self.console.print(f"   etcd member {leader + 1} is back")
        self.step(f"{three.name} is cut off from etcd: it refuses, and turns back what consumers say")
        for way in three.ways:
            way.set("silent")
        self.until(f"{three.name} knows that it is out of touch", lambda: not three.serves())
        self.submits("ESME_RMSGQFUL", 2)
        self.say(2, "START", is_taken=False)
        self.step("the others go on, without it")
        self.say(0, "START")
        self.submits("ESME_ROK", 0, 1)
        self.say(1, "STOP")
        self.submits("ESME_RINVDSTADR", 0, 1)
        self.step(f"{three.name} is back: it has what it missed before it sends anything")
        for way in three.ways:
            way.set("open")
        self.until(f"{three.name} serves", three.serves)
        self.submits("ESME_RINVDSTADR")
        told = "the START that was turned back is from before the STOP: offered again, it opens nothing"
        self.console.print(f"   [dim]{told}[/]")
        self.say(2, "START")
        self.submits("ESME_RINVDSTADR")
        self.say(2, "UNSTOP")
        self.submits("ESME_ROK")


def expect(what: str, found: str, expected: str) -> None:
    """Raise ``StoryError`` unless both are the same."""
    if found != expected:
        raise StoryError(f"{what}: {found} instead of {expected}")


def play_cluster(console: Console, *, once: bool) -> None:
    """Play the story; unless ``once``, everything stays up until Ctrl-C. Raises ``StoryError``, ``NoEtcd``."""
    with tempfile.TemporaryDirectory() as folder, _stage(console, Path(folder)) as story:
        story.play()
        console.print("\n[bold green]The story went as it should.[/]")
        if not once:
            _stay(story)


@contextmanager
def _stage(console: Console, folder: Path) -> Iterator[_Story]:
    with ExitStack() as stack:
        console.print("starting three etcd members, three gateways, a simulated SMSC …")
        members = stack.enter_context(Members(folder / "etcd", 3))
        smscs: list[Running] = []
        gateways: list[_Gateway] = []
        for number in (1, 2, 3):
            name = f"gateway-{number}"
            ways = [stack.enter_context(Forwarder(url)) for url in members.urls]
            smscs.append(stack.enter_context(running()))
            config = _config(folder / name, name, smscs[-1], [way.url for way in ways])
            proxy = stack.enter_context(ProxyProcess(config))
            client = stack.enter_context(_bound(proxy))
            gateways.append(_Gateway(name, proxy, client, ways))
            console.print(_introduced(name, proxy))
        yield _Story(console, members, smscs, gateways)


def _introduced(name: str, proxy: ProxyProcess) -> str:
    host, port = proxy.address()
    admin_host, admin_port = proxy.admin_address()
    return f"{name}: platforms bind to {host}:{port}, its status page is http://{admin_host}:{admin_port}/"


def _config(folder: Path, name: str, smsc: Running, endpoints: list[str]) -> Path:
    folder.mkdir()
    path = folder / "proxy.toml"
    path.write_text(
        f'[[route]]\nname = "demo"\nlisten = "127.0.0.1:0"\ncarrier = ["{smsc.host}:{smsc.port}"]\n'
        f'[store]\npath = "{folder}/store"\n[admin]\nlisten = "127.0.0.1:0"\n[log]\nnumbers = "full"\n'
        f'[cluster]\nengine = "etcd"\nendpoints = {json.dumps(endpoints)}\nname = "{name}"\nlease = {LEASE}\n',
        "utf-8",
    )
    return path


@contextmanager
def _bound(proxy: ProxyProcess) -> Iterator[Client]:
    client = Client(*proxy.address(), timeout=60, allow_unknown_opt_params=True)
    client.connect()
    try:
        client.bind_transceiver(system_id="demo", password="secret")
        yield client
    finally:
        with suppress(LinkError, PDUError, OSError):
            client.unbind()
        client.disconnect()


def _stay(story: _Story) -> None:
    console = story.console
    pids = ", ".join(f"{at + 1}: {p.pid}" for at, p in enumerate(story.members.processes) if p is not None)
    console.print(
        "\nEverything stays up; look at the status pages above, and make things fail yourself:"
        f"\n  kill or freeze (kill -STOP) an etcd member: {pids}"
        f"\n  or a gateway: {', '.join(f'{each.name}: {each.proxy.pid}' for each in story.gateways)}"
        "\nCtrl-C ends the demo."
    )
    story.gateways[0].proxy.run_on()
    raise StoryError("gateway-1 has ended, and nobody told it to")
