"""What relaying MMS costs: the proxy beside HAProxy as a blind relay of TCP, messages of 3 KB and 300 KB."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import trio

from proxy.mm7.http import HttpReader
from proxy.simulator.mms.writing import Media, Target, answer, post, submit_req
from proxy.simulator.process import ProxyProcess
from tests.bench import targets
from tests.bench.options import Options, Row, a_folder
from tests.bench.peers import BUSINESS

SIZES = {"3 KB": 2_000, "300 KB": 300_000}
"""Octets of the picture in each message, by what the whole is called."""

SHAPES = (1, 10)
"""Connections; each is used in step."""

RESPONSE_BODY = answer("SubmitRsp", "t-1", 1000, "Success", "m-1")
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(RESPONSE_BODY) + RESPONSE_BODY
)


def message(octets: int) -> bytes:
    """A SubmitReq with a text and a picture."""
    media = [
        Media.text("Our menu of today. Reply STOP to opt out."),
        Media("image/jpeg", bytes(range(256)) * (octets // 256)),
    ]
    return post(Target("http://mmsc:80/mm7", "vasp", "secret"), submit_req("t-1", BUSINESS, ["12125550123"], ""), media)


async def _answer(stream: trio.SocketStream) -> None:
    """The sink's side: it looks at nothing but the length."""
    async with stream:
        left = 0
        buffer = b""
        while data := await stream.receive_some(1 << 20):
            if left:
                left -= len(data)
            else:
                buffer += data
                head, end, rest = buffer.partition(b"\r\n\r\n")
                if not end:
                    continue
                left = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]) - len(rest)
                buffer = b""
            if left == 0:
                await stream.send_all(RESPONSE)


async def _serve() -> None:
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    print(listeners[0].socket.getsockname()[1], flush=True)
    await trio.serve_listeners(_answer, listeners)


async def _platform(port: int, octets: int, connections: int, seconds: float) -> None:
    """Post for so long, and print how many were answered how fast."""
    request = message(octets)
    times: list[float] = []
    wrong = 0

    async def post_all(until: float) -> None:
        nonlocal wrong
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            while trio.current_time() < until:
                begun = trio.current_time()
                await stream.send_all(request)
                reader = HttpReader("POST")
                while (found := reader.feed(bytes(await stream.receive_some(65536)))) is None:
                    pass
                wrong += found.octets != RESPONSE
                times.append(trio.current_time() - begun)

    begun = time.perf_counter()
    async with trio.open_nursery() as nursery:
        for _ in range(connections):
            nursery.start_soon(post_all, trio.current_time() + seconds)
    took = time.perf_counter() - begun
    print(json.dumps({"answered": len(times), "wrong": wrong, "seconds": took, "p50": statistics.median(times)}))


class _Sink(NamedTuple):
    """An MMSC that costs little."""

    port: int


@contextmanager
def _sink() -> Iterator[_Sink]:
    process = subprocess.Popen([sys.executable, "-m", __name__, "sink"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield _Sink(int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


@contextmanager
def _proxy(sink: _Sink, folder: Path) -> Iterator[targets.Target]:
    config = folder / "mms.toml"
    config.write_text(
        f'[[route]]\nname = "bench"\nprotocol = "mm7"\nlisten = "127.0.0.1:0"\ncarrier = ["127.0.0.1:{sink.port}"]\n'
        f'[store]\npath = "{folder / "mms-store"}"\n[limits]\nbinds_per_minute = 0\n'
    )
    targets.opt_out(config, folder / "list.csv")
    with ProxyProcess(config) as process:
        yield targets.Target("consent proxy", process.address()[1], [process.worker_pid(), process.pid], process)


def measure(options: Options) -> Iterator[Row]:
    """Processor time a message, throughput, latency and memory, for each size and number of connections."""
    rounds, seconds = (2, 1.5) if options.quick else (5, 3.0)
    with a_folder() as folder, _sink() as sink, ExitStack() as stack:
        relays = [
            targets.Target("none", sink.port, []),
            stack.enter_context(targets.haproxy(sink, folder)),  # type: ignore[arg-type]
            stack.enter_context(_proxy(sink, folder)),
        ]
        for size, octets in SIZES.items():
            for connections in SHAPES:
                runs: dict[str, list[tuple[float, dict[str, Any]]]] = {relay.name: [] for relay in relays}
                for _ in range(rounds):
                    for relay in relays:
                        before = relay.cpu()
                        seen = _run(relay.port, octets, connections, seconds)
                        runs[relay.name].append(((relay.cpu() - before) / seen["answered"], seen))
                yield from _rows(size, connections, relays, runs)


def _rows(
    size: str,
    connections: int,
    relays: list[targets.Target],
    runs: dict[str, list[tuple[float, dict[str, Any]]]],
) -> Iterator[Row]:
    blind = statistics.median(cost for cost, _ in runs["HAProxy"])
    for relay in relays:
        costs = [cost for cost, _ in runs[relay.name]]
        yield {
            "message": size,
            "connections": connections,
            "relay": relay.name,
            "CPU a message, µs": round(statistics.median(costs) * 1e6),
            "from": round(min(costs) * 1e6),
            "to": round(max(costs) * 1e6),
            "to HAProxy": round(statistics.median(costs) / blind, 1),
            "messages/s": round(statistics.median(r["answered"] / r["seconds"] for _, r in runs[relay.name])),
            "median, ms": round(statistics.median(r["p50"] for _, r in runs[relay.name]) * 1e3, 2),
            "memory, MB": round(sum(map(_resident, relay.pids[:1])) / 1e6),
        }


def _run(port: int, octets: int, connections: int, seconds: float) -> dict[str, Any]:
    words = [sys.executable, "-m", __name__, "platform", *map(str, (port, octets, connections, seconds))]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    if found["wrong"]:
        raise RuntimeError(f"{found['wrong']} wrong answers")
    return found


def _resident(pid: int) -> int:
    """Octets of the worker, or of HAProxy, that are in memory now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "sink":
        trio.run(_serve)
    else:
        trio.run(_platform, int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
