"""The story of MMS: pictures over MM7 and texts over SMPP on one consent, played by real programs."""

from __future__ import annotations

import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

from rich.console import Console
from rich.markup import escape
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LinkError
from smpplib.exceptions import PDUError

from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.messages import MmsMessage
from proxy.simulator.mms.party import Unposted
from proxy.simulator.mms.picture import picture
from proxy.simulator.mms.writing import Media
from proxy.simulator.ports import refuse_taken
from proxy.simulator.process import ProxyProcess, ends_with_us
from proxy.simulator.running import Running, running
from proxy.simulator.story import A2, NAMES, A, B, C, StoryError, submit
from proxy.smpp import pdu, write

CONFIG = Path(__file__).with_name("demo.toml")
CONTROL_PORT = 2780


class _Stage:
    """What plays: the simulated carrier and platform, the proxy, and an SMPP client."""

    def __init__(self, simulator: Running, proxy: ProxyProcess, client: Client, console: Console) -> None:
        self.simulator = simulator
        self.proxy = proxy
        self.client = client
        self.console = console
        self._number = 0

    def play(self) -> None:
        """Play the whole story; raises ``StoryError`` at the first step that goes otherwise."""
        menu = [Media.text("Our menu of today. Reply STOP to opt out."), picture()]
        self.submit(A, B, menu, "1000")
        self.deliver("STOP", [Media.text("STOP"), picture(70, 130, 90)], "opted_out")
        self.submit(A, B, menu, "2001")
        self.text_out(A, B, "Come back, 20% off!", "ESME_RINVDSTADR")
        self.submit(A2, B, menu, "1000")
        self.submit(A, C, menu, "1000")
        self.text_in("hi", "opted_in")
        self.submit(A, B, menu, "1000")

    def submit(self, source: str, destination: str, media: list[Media], expected: str) -> None:
        """The platform sends a picture message."""
        self._head(source, destination, "SubmitReq", _shown(media))
        before = len(self._came())
        sent = self.simulator.submit_mms(f"+{source}", [f"+{destination}"], media)
        seen = self._came()[before:]
        is_refused = sent.state != "1000"
        self._say("proxy", "[red]refused it[/]" if is_refused else "[green]passed it on[/]")
        self._say("MMSC ", f"saw {_described(seen[0])}" if seen else "[red]saw nothing[/]")
        self._say("A got", f"SubmitRsp, StatusCode {sent.state}")
        if sent.state != expected or is_refused is bool(seen):
            raise StoryError(f"expected {expected}, got {sent.state}; the MMSC saw {len(seen)} messages")

    def deliver(self, what: str, media: list[Media], change: str) -> None:
        """B's phone sends a picture message."""
        self._head(B, A, "DeliverReq", _shown(media))
        heard = self.simulator.mms.vasp.came if self.simulator.mms else []
        before = len(heard)
        sent = self.simulator.deliver_mms(f"+{B}", f"+{A}", media)
        self._changed(change)
        self._say("A got", f"{_described(heard[-1])}" if len(heard) > before else "[red]nothing[/]")
        self._say("MMSC ", f"was answered {sent.state}")
        if sent.state != "1000" or len(heard) != before + 1:
            raise StoryError(f"the picture with “{what}” did not arrive: {sent.state}")

    def text_out(self, source: str, destination: str, text: str, expected: str) -> None:
        """The platform sends a text."""
        self._head(source, destination, "submit_sm", f"“{text}”")
        submit(self.client, source, destination, text)
        answer = self.client.read_pdu()
        status = pdu.status_name(int(answer.status))
        self._say("proxy", "[red]refused it[/]" if status != "ESME_ROK" else "[green]passed it on[/]")
        self._say("A got", f"{answer.command}, {status}")
        if status != expected:
            raise StoryError(f"expected {expected}, got {status}")

    def text_in(self, text: str, change: str) -> None:
        """B's phone sends a text."""
        self._head(B, A, "deliver_sm", f"“{text}”")
        statuses: list[int] = []

        def deliver() -> None:
            statuses.append(self.simulator.deliver(write.address(B), write.address(A), text.encode()))

        handset = Thread(target=deliver)
        handset.start()
        self.client.read_once(auto_send_enquire_link=False)
        handset.join()
        self._changed(change)
        self._say("SMSC ", f"was answered {pdu.status_name(statuses[0])}")

    def _changed(self, expected: str) -> None:
        def is_new(event: Mapping[str, Any]) -> bool:
            return bool(event["change"] == expected)

        change = self.proxy.wait_for("consent_changed", is_new)
        evidence = f"meaning {change['meaning']}, by {change['protocol']}, on disk before it was passed on"
        self._say("proxy", f"[yellow]{change['change']}[/] ({evidence})")

    def _came(self) -> list[MmsMessage]:
        return list(self.simulator.mms.mmsc.came) if self.simulator.mms else []

    def _head(self, source: str, destination: str, kind: str, what: str) -> None:
        self._number += 1
        route = f"{NAMES[source]} +{source} → {NAMES[destination]} +{destination}"
        self.console.print(f"\n[bold]{self._number}. {route}[/]  [dim]{kind}[/]\n   {escape(what)}")

    def _say(self, who: str, what: str) -> None:
        self.console.print(f"   [dim]{who}[/]  {what}")


def _shown(media: list[Media]) -> str:
    words = [f"“{each.octets.decode()}”" for each in media if each.content_type.startswith("text/")]
    others = [f"[{each.content_type}, {len(each.octets)} octets]" for each in media if each.content_type[:5] != "text/"]
    return " ".join([*words, *others])


def _described(message: MmsMessage) -> str:
    return escape(_shown([*map(Media.text, message.texts), *message.media]))


@contextmanager
def _configured(simulator: Running, *, fixed_ports: bool) -> Iterator[Path]:
    """A copy of demo.toml with a store of its own, and its carriers where the simulator listens."""
    assert simulator.mms is not None
    text = CONFIG.read_text("utf-8")
    settings = tomllib.loads(text)
    places = [(simulator.host, simulator.port), simulator.mms.mmsc.address, simulator.mms.vasp.address]
    with tempfile.TemporaryDirectory() as folder:
        replaced = {settings["store"]["path"]: f"{folder}/store"}
        for route, (host, port) in zip(settings["route"], places, strict=True):
            replaced[route["carrier"][0]] = f"{host}:{port}"
            if not fixed_ports:
                replaced[route["listen"]] = "127.0.0.1:0"
        if not fixed_ports:
            replaced[settings["admin"]["listen"]] = "127.0.0.1:0"
        for old, new in replaced.items():
            text = text.replace(f'"{old}"', f'"{new}"')
        path = Path(folder) / "demo.toml"
        path.write_text(text, "utf-8")
        yield path


@contextmanager
def _stage(console: Console, *, fixed_ports: bool) -> Iterator[_Stage]:
    smsc, mmsc, vasp, control = (2776, 2786, 2788, CONTROL_PORT) if fixed_ports else (0, 0, 0, 0)
    with (
        running(port=smsc, control_port=control, mms=Mms(), mms_ports=(mmsc, vasp)) as simulator,
        _configured(simulator, fixed_ports=fixed_ports) as config,
        ProxyProcess(config, prefix=ends_with_us()) as proxy,
    ):
        simulator.post_mms_to(proxy.address("mms-out"), proxy.address("mms-in"))
        client = Client(*proxy.address("sms"), timeout=10, allow_unknown_opt_params=True)
        client.connect()
        try:
            client.bind_transceiver(system_id="demo", password="secret")
            yield _Stage(simulator, proxy, client, console)
        finally:
            with suppress(LinkError, PDUError, OSError):
                client.unbind()
            client.disconnect()


def play_mms(console: Console, *, once: bool) -> None:
    """Play the story; without ``once`` everything stays up until Ctrl-C. Raises ``StoryError``, ``OSError``."""
    if not once:
        settings = tomllib.loads(CONFIG.read_text("utf-8"))
        places = [each for route in settings["route"] for each in (route["listen"], *route["carrier"])]
        refuse_taken([*places, settings["admin"]["listen"], f"127.0.0.1:{CONTROL_PORT}"])
    with _stage(console, fixed_ports=not once) as stage:
        _introduce(stage)
        stage.play()
        console.print("\n[bold green]The story went as it should.[/]")
        if not once:
            _stay(stage)


def _introduce(stage: _Stage) -> None:
    simulator, proxy = stage.simulator, stage.proxy
    assert simulator.mms is not None
    sms, mmsc, vasp = (simulator.host, simulator.port), simulator.mms.mmsc.address, simulator.mms.vasp.address
    for text, here, there in (
        ("SMS: ESME (smpplib) → proxy {}:{} → SMSC (simulated) {}:{}", proxy.address("sms"), sms),
        ("MMS: platform (simulated) → proxy {}:{} → MMSC (simulated) {}:{}", proxy.address("mms-out"), mmsc),
        ("     MMSC → proxy {}:{} → platform {}:{}", proxy.address("mms-in"), vasp),
    ):
        stage.console.print(text.format(*here, *there))
    stage.console.print("status page: http://{}:{}/".format(*proxy.admin_address()))


def _stay(stage: _Stage) -> None:
    control_host, control_port = stage.simulator.control or ("", 0)
    is_typed_at = sys.stdin is not None and sys.stdin.isatty()
    sends = "The platform sends the menu from A to B each time you press Enter; or post" if is_typed_at else "Post"
    stage.console.print(
        f"\nPlay it yourself: the phones are on http://{control_host}:{control_port}/ (answer with a picture, or STOP),"
        f" the refusals on http://{':'.join(map(str, stage.proxy.admin_address()))}/.\n{sends} your own SubmitReq to"
        f" http://{':'.join(map(str, stage.proxy.address('mms-out')))}/. Ctrl-C ends the demo."
    )
    if is_typed_at:
        Thread(target=_send_on_enter, args=(stage,), daemon=True).start()
    Thread(target=_take_texts, args=(stage,), daemon=True).start()
    Thread(target=_tell_of_pictures, args=(stage,), daemon=True).start()
    status = stage.proxy.run_on()
    raise StoryError(f"the proxy has ended with status {status}, and nobody told it to")


def _send_on_enter(stage: _Stage) -> None:
    for _ in sys.stdin:
        try:
            sent = stage.simulator.submit_mms(f"+{A}", [f"+{B}"], [Media.text("Our menu of today."), picture()])
        except Unposted as error:
            stage.console.print(f"   [dim]A got[/]  [red]{escape(str(error))}[/]")
        else:
            colour = "green" if sent.state == "1000" else "red"
            stage.console.print(f"   [dim]A got[/]  SubmitRsp, [{colour}]{sent.state}[/]")


def _tell_of_pictures(stage: _Stage) -> None:
    """Print what the phones send by MMS, as the platform gets it."""
    heard = stage.simulator.mms.vasp.came[-1].number if stage.simulator.mms and stage.simulator.mms.vasp.came else 0
    while True:
        time.sleep(0.3)
        for message in tuple(stage.simulator.mms.vasp.came) if stage.simulator.mms else ():
            if message.number > heard:
                heard = message.number
                stage.console.print(f"   [dim]A got[/]  {_described(message)}")


def _take_texts(stage: _Stage) -> None:
    """The platform's side of SMS: it takes what the phones write."""
    while True:
        try:
            stage.client.read_once(auto_send_enquire_link=False)
        except (TimeoutError, PDUError):
            continue
        except (LinkError, OSError):
            return
