"""The demo: a simulated SMSC, the proxy as a process, a real client (smpplib), and the STOP story."""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

from rich.console import Console
from rich.markup import escape
from smpplib.client import Client
from smpplib.exceptions import ConnectionError as LinkError
from smpplib.exceptions import PDUError

from proxy.net.endpoints import Endpoint
from proxy.simulator.cluster.demo import play_cluster
from proxy.simulator.cluster.members import NoEtcd
from proxy.simulator.mms.demo import play_mms
from proxy.simulator.ports import refuse_taken
from proxy.simulator.process import ProxyProcess, ends_with_us
from proxy.simulator.running import Running, running
from proxy.simulator.story import A, B, Stage, StoryError
from proxy.smpp import pdu
from proxy.smpp.message import Message
from proxy.smpp.pdu import visible
from proxy.smpp.text import read_text

CONFIG = Path(__file__).with_name("demo.toml")
CONTROL_PORT = 2780


@contextmanager
def stage(config: Path, smsc_port: int, console: Console, control_port: int = 0) -> Iterator[Stage]:
    """Start the SMSC, the proxy and the client, and bind the client."""
    with (
        running(port=smsc_port, control_port=control_port) as smsc,
        ProxyProcess(_pointed_at(smsc, config), prefix=ends_with_us()) as proxy,
    ):
        client = Client(*proxy.address(), timeout=10, allow_unknown_opt_params=True)
        client.connect()
        try:
            client.bind_transceiver(system_id="demo", password="secret")
            yield Stage(smsc, proxy, client, console)
        finally:
            with suppress(
                LinkError, PDUError, OSError
            ):  # it may have ended, or its answer be read by who takes deliveries
                client.unbind()
            client.disconnect()


def _pointed_at(smsc: Running, config: Path) -> Path:
    """The configuration, with its carrier where the SMSC really listens."""
    text = config.read_text("utf-8")
    (carrier,) = tomllib.loads(text)["route"][0]["carrier"]
    config.write_text(text.replace(carrier, f"{smsc.host}:{smsc.port}"), "utf-8")
    return config


@contextmanager
def temporary_config(*, fixed_ports: bool) -> Iterator[Path]:
    """A copy of demo.toml with a store of its own, and with free ports unless they are to be fixed."""
    text = CONFIG.read_text("utf-8")
    settings = tomllib.loads(text)
    with tempfile.TemporaryDirectory() as folder:
        replaced = {settings["store"]["path"]: f"{folder}/store"}
        if not fixed_ports:
            replaced |= {settings["route"][0]["listen"]: "127.0.0.1:0", settings["admin"]["listen"]: "127.0.0.1:0"}
        for old, new in replaced.items():
            text = text.replace(f'"{old}"', f'"{new}"')
        path = Path(folder) / "demo.toml"
        path.write_text(text, "utf-8")
        yield path


def main(argv: Sequence[str] | None = None) -> int:
    """Play the story; returns the exit status. Without ``--once`` everything stays up until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description="The STOP story, played by real programs.")
    parser.add_argument("--once", action="store_true", help="end after the story, with status 0 if it went as told")
    stories = parser.add_mutually_exclusive_group()
    stories.add_argument("--mms", action="store_true", help="the same consent for pictures, over MM7")
    stories.add_argument("--cluster", action="store_true", help="three gateways and an etcd, while machines fail")
    given = parser.parse_args(argv)
    once: bool = given.once
    console = Console(highlight=False, soft_wrap=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.getLogger("smpp").setLevel(logging.ERROR)
    play = play_cluster if given.cluster else play_mms if given.mms else _play
    try:
        play(console, once=once)
    except StoryError as error:
        console.print(f"[bold red]This step went otherwise:[/] {escape(str(error))}")
        return 1
    except (OSError, RuntimeError, LinkError, NoEtcd) as error:
        console.print(f"[bold red]The demo could not be played:[/] {escape(str(error))}")
        return 1
    except KeyboardInterrupt:
        console.print("\nstopped")
    return 0


def _play(console: Console, *, once: bool) -> None:
    smsc_port, control_port = (0, 0) if once else _fixed_ports()
    with (
        temporary_config(fixed_ports=not once) as config,
        stage(config, smsc_port, console, control_port) as stage_,
    ):
        _introduce(stage_)
        stage_.play()
        console.print("[bold green]The story went as it should.[/]")
        if not once:
            _stay(stage_)


def _fixed_ports() -> tuple[int, int]:
    """The SMSC's port and that of the handsets; raises ``OSError`` if one of the demo's ports is taken."""
    settings = tomllib.loads(CONFIG.read_text("utf-8"))
    route, admin = settings["route"][0], settings["admin"]
    addresses = [route["listen"], route["carrier"][0], admin["listen"], f"127.0.0.1:{CONTROL_PORT}"]
    refuse_taken(addresses)
    return Endpoint.parse(route["carrier"][0]).port, CONTROL_PORT


def _introduce(stage_: Stage) -> None:
    host, port = stage_.proxy.address()
    admin_host, admin_port = stage_.proxy.admin_address()
    stage_.console.print(
        f"ESME (smpplib) → proxy {host}:{port} → SMSC (simulated) {stage_.smsc.host}:{stage_.smsc.port}\n"
        f"status page: http://{admin_host}:{admin_port}/   metrics: http://{admin_host}:{admin_port}/metrics\n"
    )


def _stay(stage_: Stage) -> None:
    host, port = stage_.proxy.address()
    control_host, control_port = stage_.smsc.control or ("", 0)
    admin_host, admin_port = stage_.proxy.admin_address()
    is_typed_at = sys.stdin is not None and sys.stdin.isatty()
    sends = (
        "The client sends “Your table is ready!” from A to B each time you press Enter; or bind"
        if is_typed_at
        else "Bind"
    )
    stage_.console.print(
        f"\nPlay it yourself: the phones are on http://{control_host}:{control_port}/ (answer STOP there), the refusals"
        f" on http://{admin_host}:{admin_port}/.\n{sends} your own to {host}:{port} (any system_id, a password of"
        " up to 8 characters). Ctrl-C ends the demo."
    )
    if is_typed_at:
        Thread(target=_send_on_enter, args=(stage_,), daemon=True).start()
    ending = Event()
    Thread(target=_take_deliveries, args=(stage_, ending), daemon=True).start()
    try:
        status = stage_.proxy.run_on()
    finally:
        ending.set()
    raise StoryError(f"the proxy has ended with status {status}, and nobody told it to")


def _send_on_enter(stage_: Stage) -> None:
    for _ in sys.stdin:
        try:
            stage_.send(A, B, "Your table is ready!")
        except (LinkError, OSError):
            return


def _take_deliveries(stage_: Stage, ending: Event) -> None:
    """The platform's side: it takes what the phones say, and prints what it was answered."""

    def heard(pdu: object) -> None:
        stage_.console.print(f"   [dim]A got[/]  “{escape(visible(_words(pdu)))}”")

    def sent(pdu: object) -> None:
        stage_.console.print(f"   [dim]A got[/]  {getattr(pdu, 'command', '')}, [green]ESME_ROK[/]")

    stage_.client.set_message_received_handler(heard)
    stage_.client.set_message_sent_handler(sent)
    while True:
        try:
            stage_.client.read_once(auto_send_enquire_link=False)
        except PDUError as error:
            status = pdu.status_name(int(error.args[1]))
            stage_.console.print(f"   [dim]A got[/]  submit_sm_resp, [red]{status}[/]")
        except TimeoutError:
            continue
        except (LinkError, OSError):
            if not ending.is_set():
                stage_.console.print("   [dim]the client's connection is gone; restart the demo to have it back[/]")
            return


def _words(deliver: Any) -> str:
    """What a deliver_sm says, as a person reads it: by its data_coding, without a user data header."""
    octets = tuple(filter(None, (deliver.short_message, deliver.message_payload)))
    nobody = pdu.Address(0, 0, b"")
    said = Message(nobody, nobody, deliver.esm_class, deliver.data_coding, octets, (), False)
    return next(iter(read_text(said).readings), "")


if __name__ == "__main__":
    sys.exit(main())
