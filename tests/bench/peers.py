"""The two ends of a relay under measurement, each a process: an SMSC that answers at once, a platform that sends.

Plain sockets and epoll: what they cost must not be what is measured. Run as
``python -m tests.bench.peers sink`` and ``python -m tests.bench.peers platform PLAN`` (a JSON object).
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import time
from array import array
from typing import Any

from proxy.smpp import fields as pdus

HEADER = struct.Struct(">LLLL")
BIND, SUBMIT, DELIVER, ENQUIRE_LINK, UNBIND = 9, 4, 5, 0x15, 6
RESPONSE = 0x80000000
READ = 1 << 18
TEXT = b"This is a message of an ordinary length, to see how many of them go through in a second."
BUSINESS = "15551230001"
SPREAD, NUMBERS = 6_700_417, 7_999_999_993


class End:
    """A socket with what is still to be read and written."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.rest = b""
        self.unsent = b""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> bytes | None:
        """What came, None at the end."""
        try:
            data = self.sock.recv(READ)
        except BlockingIOError:
            return b""
        except ConnectionError:
            return None
        return data or None

    def write(self, data: bytes, poll: select.epoll) -> None:
        """Send as much as goes, the rest when there is room."""
        if self.unsent:
            self.unsent += data
            return
        try:
            sent = self.sock.send(data)
        except BlockingIOError:
            sent = 0
        if sent < len(data):
            self.unsent = data[sent:]
            poll.modify(self.sock, select.EPOLLIN | select.EPOLLOUT)

    def flush(self, poll: select.epoll) -> None:
        """There is room."""
        sent = self.sock.send(self.unsent)
        self.unsent = self.unsent[sent:]
        if not self.unsent:
            poll.modify(self.sock, select.EPOLLIN)


def sink() -> None:
    """An SMSC that takes everything at once; prints its port."""
    server = socket.create_server(("127.0.0.1", 0), backlog=4096)
    server.setblocking(False)
    print(server.getsockname()[1], flush=True)
    poll = select.epoll()
    poll.register(server, select.EPOLLIN)
    ends: dict[int, End] = {}
    while True:
        for number, event in poll.poll():
            if number == server.fileno():
                end = End(server.accept()[0])
                ends[end.sock.fileno()] = end
                poll.register(end.sock, select.EPOLLIN)
                continue
            end = ends[number]
            if event & select.EPOLLOUT:
                end.flush(poll)
            if event & ~select.EPOLLOUT:
                data = end.read()
                if data is None:
                    poll.unregister(end.sock)
                    ends.pop(number).sock.close()
                elif answers := _answers(end, data):
                    end.write(answers, poll)


def _answers(end: End, data: bytes) -> bytes:
    data = end.rest + data
    position, size, out = 0, len(data), []
    unpack, pack = HEADER.unpack_from, HEADER.pack
    while size - position >= 16:
        length, command, _, sequence = unpack(data, position)
        if size - position < length:
            break
        if command == SUBMIT:
            out.append(pack(25, SUBMIT | RESPONSE, 0, sequence) + b"%08x\0" % sequence)
        elif command == BIND:
            out.append(pack(21, BIND | RESPONSE, 0, sequence) + b"sink\0")
        elif command < RESPONSE:
            out.append(pack(16, command | RESPONSE, 0, sequence))
        position += length
    end.rest = data[position:]
    return b"".join(out)


class Session(End):
    """One bind of the platform, with its window."""

    def __init__(self, sock: socket.socket, number: int, sessions: int, window: int) -> None:
        super().__init__(sock)
        self.window = window
        self.pending: dict[int, float] = {}
        self.sequence = 1
        self.consumer = number
        self.step = sessions
        given = {
            "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": BUSINESS,
            "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": "10000000000", "short_message": TEXT,
        }  # fmt: skip
        frame = pdus.write("submit_sm", given)
        at = frame.index(b"10000000000")
        self.head, self.middle, self.tail = frame[:12], frame[16:at], frame[at + 11 :]

    def submits(self, count: int, now: float) -> bytes:
        """So many more messages, no two consumers the same."""
        out = []
        pending, sequence, consumer = self.pending, self.sequence, self.consumer
        head, middle, tail, step = self.head, self.middle, self.tail, self.step
        for _ in range(count):
            sequence += 1
            consumer += step
            pending[sequence] = now
            number = 2_000_000_000 + consumer * SPREAD % NUMBERS
            out.append(b"%b%b%b1%010d%b" % (head, sequence.to_bytes(4, "big"), middle, number, tail))
        self.sequence, self.consumer = sequence, consumer
        return b"".join(out)


def platform(plan: dict[str, Any]) -> None:
    """Bind, send for so long, and print what came of it as JSON."""
    poll = select.epoll()
    sessions: dict[int, Session] = {}
    for number in range(plan["sessions"]):
        sock = socket.create_connection(("127.0.0.1", plan["port"]), 10)
        sock.sendall(pdus.write("bind_transceiver", {"system_id": "bench", "interface_version": 0x34}))
        length = int.from_bytes(sock.recv(4, socket.MSG_WAITALL), "big")
        assert sock.recv(length - 4, socket.MSG_WAITALL)[4:8] == b"\0\0\0\0", "the bind was refused"
        session = Session(sock, number, plan["sessions"], plan["window"])
        sessions[sock.fileno()] = session
        poll.register(sock, select.EPOLLIN)
    latencies, statuses, delivered, wrong = array("d"), {0: 0}, 0, 0
    clock = time.perf_counter
    interval = plan["sessions"] / plan["rate"] if plan.get("rate") else 0.0
    begun = clock()
    until = begun + plan["seconds"]
    for session in sessions.values():
        session.write(session.submits(1 if interval else plan["window"], begun), poll)
    due = dict.fromkeys(sessions, begun + interval)
    unpack, pack = HEADER.unpack_from, HEADER.pack
    while (now := clock()) < until or (any(s.pending for s in sessions.values()) and now < until + 5):
        for number, event in poll.poll(max(0.0, min(due.values()) - now) if interval and now < until else 0.5):
            session = sessions[number]
            if event & select.EPOLLOUT:
                session.flush(poll)
            if not event & ~select.EPOLLOUT:
                continue
            data = session.read()
            assert data is not None, "the connection was closed"
            now = clock()
            data = session.rest + data
            position, size, answered, out = 0, len(data), 0, []
            pending = session.pending
            while size - position >= 16:
                length, command, status, sequence = unpack(data, position)
                if size - position < length:
                    break
                position += length
                if command == SUBMIT | RESPONSE:
                    at = pending.pop(sequence, None)
                    if at is None:
                        wrong += 1
                        continue
                    answered += 1
                    latencies.append(now - at)
                    statuses[status] = statuses.get(status, 0) + 1
                elif command < RESPONSE:
                    delivered += command == DELIVER
                    body = b"\0" if command == DELIVER else b""
                    out.append(pack(16 + len(body), command | RESPONSE, 0, sequence) + body)
            session.rest = data[position:]
            if answered and now < until and not interval:
                out.append(session.submits(answered, now))
            if out:
                session.write(b"".join(out), poll)
        if interval and now < until:
            now = clock()
            for number, at in due.items():
                if at <= now:
                    count = min(int((now - at) / interval) + 1, plan["window"] - len(sessions[number].pending))
                    due[number] = at + max(count, 1) * interval
                    if count > 0:
                        sessions[number].write(sessions[number].submits(count, now), poll)
    ordered = sorted(latencies)
    shares = {name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] for name, share in
              (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999))} if ordered else {}  # fmt: skip
    lost = sum(len(session.pending) for session in sessions.values())
    counts = {"answered": len(ordered), "lost": lost, "wrong": wrong, "delivered": delivered}
    print(json.dumps({**counts, "seconds": plan["seconds"], "statuses": statuses, **shares}))


if __name__ == "__main__":
    sink() if sys.argv[1] == "sink" else platform(json.loads(sys.argv[2]))
