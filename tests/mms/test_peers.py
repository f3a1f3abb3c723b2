"""Platforms, MMSCs and fronts that nobody here wrote: SAAJ, SOAP::Lite, curl, nginx and HAProxy."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.picture import picture
from proxy.simulator.mms.writing import Media
from proxy.simulator.process import ProxyProcess
from proxy.simulator.running import Running, running
from tests.e2e.mms import config_of, mms_config
from tests.e2e.peers import PATIENCE
from tests.e2e.running import until
from tests.net.ports import closed_port

A, B, C = "+15551230001", "+15559870001", "+15559870002"
PEERS = Path(__file__).parent / "peers"
JARS = ("saaj-impl", "javax.xml.soap-api", "javax.activation", "mimepull", "stax-ex")
CLASSES = ":".join(f"/usr/share/java/{jar}.jar" for jar in JARS)
ENV = {**os.environ, "LC_ALL": "C.UTF-8", "no_proxy": "*"}


def need(*tools: str) -> None:
    for tool in tools:
        if shutil.which(tool) is None and not Path(tool).exists():
            missing = f"{tool} is not installed"
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)


def java(program: str, *args: str, **properties: object) -> list[str]:
    need("java", "/usr/share/java/saaj-impl.jar")
    settings = [f"-D{name}={value}" for name, value in properties.items()]
    return ["java", "-XX:TieredStopAtLevel=1", "-cp", CLASSES, *settings, str(PEERS / program), *args]


def perl(program: str, *args: str) -> list[str]:
    need("perl", "/usr/share/perl5/SOAP/Lite.pm", "/usr/share/perl5/MIME/Entity.pm")
    return ["perl", str(PEERS / program), *args]


def said(command: list[str], **env: str) -> list[dict[str, Any]]:
    """The JSON lines that a peer prints."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env={**ENV, **env}, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, done.stderr
    return lines


@contextmanager
def at_work(
    folder: Path, account: tuple[str, str] = ("", ""), keys: str = ""
) -> Iterator[tuple[Running, ProxyProcess]]:
    """A simulated MMSC and platform with the proxy between them."""
    with running(mms=Mms(account)) as simulator, ProxyProcess(config_of(folder, simulator, keys=keys)) as proxy:
        simulator.post_mms_to(proxy.address("mms-out"), proxy.address("mms-in"))
        yield simulator, proxy


def url(proxy: ProxyProcess, route: str) -> str:
    return "http://{}:{}/mm7".format(*proxy.address(route))


def _is(change: str, event: dict[str, Any]) -> bool:
    return bool(event["change"] == change)


def stop(simulator: Running, text: str = "STOP") -> None:
    assert simulator.deliver_mms(B, A, [Media.text(text)]).state == "1000"


def _saaj(where: str, to: str) -> list[str]:
    return java("MmsPlatform.java", where, A, to, image=30_000)


def _perl(where: str, to: str) -> list[str]:
    return perl("platform.pl", where, A, to, "Our menu")


CLIENTS = {"saaj": _saaj, "perl": _perl}


@pytest.mark.parametrize("client", CLIENTS)
def test_a_platform_sends_is_refused_behind_a_stop_and_sends_again(tmp_path: Path, client: str) -> None:
    with at_work(tmp_path) as (simulator, proxy):
        submit = CLIENTS[client]
        out = url(proxy, "mms-out")
        (first,) = said(submit(out, B))
        assert (first["http"], first["status"]) == (200, "1000")
        stop(simulator)
        (refused,) = said(submit(out, B))
        assert (refused["http"], refused["status"], refused["details"]) == (200, "2001", "the recipient has opted out")
        assert refused["transaction"]
        (other,) = said(submit(out, C))
        assert other["status"] == "1000"
        stop(simulator, "hi")
        (again,) = said(submit(out, B))
        assert again["status"] == "1000"
        assert simulator.mms is not None
        assert [message.destinations for message in simulator.mms.mmsc.came] == [[B[1:]], [C[1:]], [B[1:]]]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_platform_that_shows_its_password_when_asked(tmp_path: Path, client: str) -> None:
    """Both ask first without; behind a STOP they are asked by us, in the MMSC's words, and then refused."""
    with at_work(tmp_path, ("vasp", "secret")) as (simulator, proxy):
        where = url(proxy, "mms-out")
        env = {"MM7_USER": "vasp", "MM7_PASSWORD": "secret"}

        def submit(to: str) -> dict[str, Any]:
            command = CLIENTS[client](where, to)
            if client == "saaj":
                command[1:1] = ["-Duser=vasp", "-Dpassword=secret"]
            return said(command, **env)[0]

        assert submit(B)["status"] == "1000"
        stop(simulator)
        assert submit(B)["status"] == "2001"
        assert submit(C)["status"] == "1000"


def test_a_fault_is_read_as_one(tmp_path: Path) -> None:
    with at_work(tmp_path, keys='refuse_as = "fault"\nrefuse_with = 2003\nunproven = "refuse"') as (simulator, proxy):
        stop(simulator)
        for client in CLIENTS.values():
            (refused,) = said(client(url(proxy, "mms-out"), B))
            assert (refused["fault"], refused["status"]) == ("Address not found", "2003")


def test_several_messages_over_one_connection_and_big_ones(tmp_path: Path) -> None:
    with at_work(tmp_path) as (simulator, proxy):
        done = said(java("MmsPlatform.java", url(proxy, "mms-out"), A, B, C, image=5_000_000, count=3))
        assert [each["status"] for each in done] == ["1000"] * 3
        assert simulator.mms is not None
        assert [len(message.media[0].octets) for message in simulator.mms.mmsc.came] == [5_000_000] * 3


@pytest.mark.parametrize("layout", ["", "nested"])
def test_an_mmsc_of_another_language_is_heard(tmp_path: Path, layout: str) -> None:
    with at_work(tmp_path) as (simulator, proxy):
        assert simulator.mms is not None
        for text, change in (("STOP", "opted_out"), ("hi there", "opted_in")):
            args = [url(proxy, "mms-in"), B, A, text, *([layout] if layout else [])]
            (answered,) = said(perl("deliver.pl", *args))
            assert (answered["http"], answered["status"], answered["transaction"]) == (200, "1000", answered["sent"])
            assert proxy.wait_for("consent_changed", partial(_is, change))
            assert simulator.mms.vasp.came[-1].texts == [text]


def test_saaj_as_the_mmsc_and_as_the_platform_s_receiver(tmp_path: Path) -> None:
    receivers = [
        subprocess.Popen(
            java("MmsReceiver.java"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=ENV
        )
        for _ in range(2)
    ]
    try:
        assert receivers[0].stdout is not None
        assert receivers[1].stdout is not None
        ports = [json.loads(each.stdout.readline())["port"] for each in receivers if each.stdout is not None]
        path = mms_config(tmp_path, ("127.0.0.1", ports[0]), ("127.0.0.1", ports[1]))
        with running(mms=Mms()) as simulator, ProxyProcess(path) as proxy:
            simulator.post_mms_to(proxy.address("mms-out"), proxy.address("mms-in"))
            media = [Media.text("Our menu"), picture()]
            assert simulator.submit_mms(A, [B], media).state == "1000"
            came = json.loads(receivers[0].stdout.readline())
            assert (came["kind"], came["texts"]) == ("SubmitReq", ["Our menu"])
            assert simulator.deliver_mms(B, A, [Media.text("please remove me"), picture()]).state == "1000"
            assert json.loads(receivers[1].stdout.readline())["kind"] == "DeliverReq"
            assert simulator.submit_mms(A, [B], media).state == "2001"
    finally:
        for each in receivers:
            each.kill()
            each.wait()
            if each.stdout is not None:
                each.stdout.close()


ENVELOPE = PEERS / "submit.xml"
CURL = {
    "1.1": [],
    "1.0": ["--http1.0"],
    "chunked": ["-H", "Transfer-Encoding: chunked"],
    "100-continue": ["-H", "Expect: 100-continue"],
    "basic": ["-u", "vasp:secret"],
    "anyauth": ["--anyauth", "-u", "vasp:secret"],
}


@pytest.mark.parametrize("how", CURL)
def test_curl_in_all_its_ways(tmp_path: Path, how: str) -> None:
    need("curl")
    account = ("vasp", "secret") if how in ("basic", "anyauth") else ("", "")
    with at_work(tmp_path, account) as (simulator, proxy):
        assert simulator.mms is not None
        command = [
            "curl",
            "-sS",
            "--max-time",
            "30",
            "-H",
            "Content-Type: text/xml",
            "-H",
            'SOAPAction: ""',
            *CURL[how],
        ]
        where = url(proxy, "mms-out")

        def submit(times: int = 1) -> list[str]:
            posts = ["--data-binary", f"@{ENVELOPE}", *[where] * times]
            done = subprocess.run([*command, *posts], capture_output=True, text=True, env=ENV, check=True)
            return [each[:4] for each in done.stdout.split("<StatusCode>")[1:]]

        assert submit(2) == ["1000", "1000"]
        stop(simulator)
        assert submit(2) == ["2001", "2001"]
        assert len(simulator.mms.mmsc.came) == 2


NGINX = """
user root; daemon off; pid {folder}/nginx.pid; error_log stderr; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; client_max_body_size 20m;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen {front}; location / {{ proxy_pass http://{behind}; }} }}
}}
"""
HAPROXY = """
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
frontend in
  bind {front}
  default_backend out
backend out
  server mmsc {behind}
"""


@contextmanager
def front(kind: str, folder: Path, behind: tuple[str, int]) -> Iterator[tuple[str, int]]:
    """nginx or HAProxy before an MMSC: where it listens."""
    need(kind)
    place = closed_port()
    path = folder / f"{kind}.conf"
    text = NGINX if kind == "nginx" else HAPROXY
    path.write_text(text.format(folder=folder, front=f"{place.host}:{place.port}", behind="{}:{}".format(*behind)))
    command = ["nginx", "-p", str(folder), "-c"] if kind == "nginx" else ["haproxy", "-db", "-q", "-f"]
    process = subprocess.Popen([*command, str(path)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        until(lambda: _listens(place.host, place.port))
        yield place.host, place.port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _listens(host: str, port: int) -> bool:
    import socket

    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize("kind", ["nginx", "haproxy"])
def test_a_front_before_the_mmsc(tmp_path: Path, kind: str) -> None:
    with running(mms=Mms()) as simulator:
        assert simulator.mms is not None
        with front(kind, tmp_path, simulator.mms.mmsc.address) as place:
            path = mms_config(tmp_path, place, simulator.mms.vasp.address)
            with ProxyProcess(path) as proxy:
                simulator.post_mms_to(proxy.address("mms-out"), proxy.address("mms-in"))
                media = [Media.text("Our menu"), picture(size=300)]
                assert simulator.submit_mms(A, [B], media).state == "1000"
                stop(simulator)
                assert simulator.submit_mms(A, [B], media).state == "2001"
                done = said(java("MmsPlatform.java", url(proxy, "mms-out"), A, C, image=300_000, count=3))
                assert [each.get("status", each) for each in done] == ["1000"] * 3
                assert len(simulator.mms.mmsc.came) == 4
