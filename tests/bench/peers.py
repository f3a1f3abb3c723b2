"""The two ends of a relay under measurement, each a process: an SMSC that answers at once, a platform that sends.

Plain sockets and epoll: what they cost must not be what is measured. Run as
``python -m tests.bench.peers sink PLAN`` or ``platform PLAN`` (a JSON object).
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import time
from array import array
from collections.abc import Sequence
from typing import Any

from proxy.smpp import fields as pdus

HEADER = struct.Struct(">LLLL")
BIND, SUBMIT, DELIVER, ENQUIRE_LINK, UNBIND = 9, 4, 5, 0x15, 6
RESPONSE = 0x80000000
READ = 1 << 18
TEXT = b"This is a message of an ordinary length, to see how many of them go through in a second."
REPLY = b"Thank you, that works for me. See you on Tuesday at the usual place, and bring the photographs along!"
STOP = b"Stop".ljust(len(REPLY))
BUSINESS = "15551230001"
OPTED_OUT, MANY_OPTED_OUT = 5_550_000_000, 100_000
"""The first of the consumers in the ledger (behind their country code), and how many there are."""
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
        except ConnectionError:
            return  # whoever reads learns of it
        if sent < len(data):
            self.unsent = data[sent:]
            poll.modify(self.sock, select.EPOLLIN | select.EPOLLOUT)

    def flush(self, poll: select.epoll) -> None:
        """There is room."""
        try:
            sent = self.sock.send(self.unsent)
        except ConnectionError:
            sent = len(self.unsent)
        self.unsent = self.unsent[sent:]
        if not self.unsent:
            poll.modify(self.sock, select.EPOLLIN)


class Carried(End):
    """A session at the SMSC, with the consumers' messages that it has not had an answer to."""

    def __init__(self, sock: socket.socket, plan: dict[str, Any]) -> None:
        super().__init__(sock)
        self.plan = plan
        self.pending: dict[int, tuple[float, bool]] = {}
        self.sequence = self.submits = 0
        self.mo_every = round(1 / plan["mo_share"]) if plan.get("mo_share") else 0
        frame = pdus.write(
            "deliver_sm",
            {
                "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": "10000000000",
                "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": BUSINESS, "short_message": REPLY,
            },
        )  # fmt: skip
        at = frame.index(b"10000000000")
        self.pieces = frame[:12], frame[16:at], frame[at + 11 :], frame[at + 11 :].replace(REPLY, STOP)

    def deliveries(self, count: int, now: float) -> bytes:
        """So many more messages of consumers, one in so many a STOP."""
        head, middle, tail, stop_tail = self.pieces
        every = round(1 / self.plan["stop_share"]) if self.plan.get("stop_share") else 0
        out = []
        for _ in range(count):
            self.sequence += 1
            is_stop = bool(every) and self.sequence % every == 0
            self.pending[self.sequence] = now, is_stop
            number = 2_000_000_000 + self.sequence * SPREAD % NUMBERS
            sequence = self.sequence.to_bytes(4, "big")
            out.append(b"%b%b%b1%010d%b" % (head, sequence, middle, number, stop_tail if is_stop else tail))
        return b"".join(out)


def sink(plan: dict[str, Any]) -> None:
    """An SMSC that takes everything at once; prints its port.

    With ``mo_window`` in the plan it keeps so many deliver_sms of each session unanswered, with ``mo_share`` it sends
    that many for each submit_sm, ``stop_share`` of them STOPs. It prints as JSON how long their answers took whenever
    all sessions have ended.
    """
    server = socket.create_server(("127.0.0.1", 0), backlog=4096)
    server.setblocking(False)
    print(server.getsockname()[1], flush=True)
    poll = select.epoll()
    poll.register(server, select.EPOLLIN)
    ends: dict[int, Carried] = {}
    heard: tuple[list[float], list[float]] = ([], [])
    while True:
        for number, event in poll.poll():
            if number == server.fileno():
                end = Carried(server.accept()[0], plan)
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
                    if not ends and any(heard):
                        ordinary, stops = map(shares_of, heard)
                        print(json.dumps({"ordinary": ordinary, "stops": stops}), flush=True)
                        heard = ([], [])
                elif answers := _answers(end, data, heard):
                    end.write(answers, poll)


def shares_of(seconds: Sequence[float]) -> dict[str, float]:
    """How many there were, and the percentiles."""
    ordered = sorted(seconds)
    found = {
        name: ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
        for name, share in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p999", 0.999))
    }
    return {"count": len(ordered), **found}


def _answers(end: Carried, data: bytes, heard: tuple[list[float], list[float]]) -> bytes:
    data = end.rest + data
    position, size, out, more = 0, len(data), [], 0
    unpack, pack = HEADER.unpack_from, HEADER.pack
    now = time.perf_counter() if end.pending else 0.0
    while size - position >= 16:
        length, command, _, sequence = unpack(data, position)
        if size - position < length:
            break
        if command == SUBMIT:
            out.append(pack(25, SUBMIT | RESPONSE, 0, sequence) + b"%08x\0" % sequence)
            end.submits += 1
            if end.mo_every and end.submits % end.mo_every == 0:
                more += 1
        elif command == BIND:
            out.append(pack(21, BIND | RESPONSE, 0, sequence) + b"sink\0")
            more += end.plan.get("mo_window", 0)
        elif command == DELIVER | RESPONSE:
            sent, is_stop = end.pending.pop(sequence)
            heard[is_stop].append(now - sent)
            more += not end.mo_every
        elif command < RESPONSE:
            out.append(pack(16, command | RESPONSE, 0, sequence))
        position += length
    end.rest = data[position:]
    if more:
        out.append(end.deliveries(more, time.perf_counter()))
    return b"".join(out)


class Session(End):
    """One bind of the platform, with its window."""

    def __init__(self, sock: socket.socket, number: int, plan: dict[str, Any]) -> None:
        super().__init__(sock)
        self.pending: dict[int, float] = {}
        self.sequence = 1
        self.consumer = number
        self.step = plan["sessions"]
        self.opted_out_every = round(1 / plan["opted_out"]) if plan.get("opted_out") else 0
        given = {
            "source_addr_ton": 1, "source_addr_npi": 1, "source_addr": BUSINESS,
            "dest_addr_ton": 1, "dest_addr_npi": 1, "destination_addr": "10000000000", "short_message": TEXT,
        }  # fmt: skip
        frame = pdus.write("submit_sm", given)
        at = frame.index(b"10000000000")
        self.head, self.middle, self.tail = frame[:12], frame[16:at], frame[at + 11 :]

    def submits(self, times: Sequence[float]) -> bytes:
        """One more message for each of these moments, no two consumers the same but for those who opted out."""
        out = []
        pending, sequence, consumer = self.pending, self.sequence, self.consumer
        head, middle, tail, step, every = self.head, self.middle, self.tail, self.step, self.opted_out_every
        for moment in times:
            sequence += 1
            consumer += step
            pending[sequence] = moment
            if every and sequence % every == 0:
                number = OPTED_OUT + sequence % MANY_OPTED_OUT
            else:
                number = 2_000_000_000 + consumer * SPREAD % NUMBERS
            out.append(b"%b%b%b1%010d%b" % (head, sequence.to_bytes(4, "big"), middle, number, tail))
        self.sequence, self.consumer = sequence, consumer
        return b"".join(out)


def _bound(plan: dict[str, Any], poll: select.epoll) -> dict[int, Session]:
    sessions: dict[int, Session] = {}
    for number in range(plan["sessions"]):
        sock = socket.create_connection(("127.0.0.1", plan["port"]), 10)
        sock.sendall(pdus.write("bind_transceiver", {"system_id": "bench", "interface_version": 0x34}))
        length = int.from_bytes(sock.recv(4, socket.MSG_WAITALL), "big")
        assert sock.recv(length - 4, socket.MSG_WAITALL)[4:8] == b"\0\0\0\0", "the bind was refused"
        session = Session(sock, number, plan)
        sessions[sock.fileno()] = session
        poll.register(sock, select.EPOLLIN)
    return sessions


def platform(plan: dict[str, Any]) -> None:
    """Bind, send for so long, and print what came of it as JSON.

    Of latencies every one is kept, or one in ``keep_every``. With a ``rate`` they
    count from when a message was due, not from when there was time to send it, unless ``from_sending``.
    """
    poll = select.epoll()
    sessions = _bound(plan, poll)
    if plan.get("idle"):
        print("bound", flush=True)
        sys.stdin.readline()
        return
    latencies, statuses, delivered, wrong = array("d"), {0: 0}, 0, 0
    keep_every = plan.get("keep_every", 1)
    clock = time.perf_counter
    interval = plan["sessions"] / plan["rate"] if plan.get("rate") else 0.0
    begun = clock()
    until = begun + plan["seconds"]
    due = {number: begun + interval * at / plan["sessions"] for at, number in enumerate(sessions)}
    if not interval:
        for session in sessions.values():
            session.write(session.submits([begun] * plan["window"]), poll)
    unpack, pack = HEADER.unpack_from, HEADER.pack
    while (now := clock()) < until or (any(s.pending for s in sessions.values()) and now < until + 5):
        if interval and now < until:
            select.select([poll], [], [], max(0.0, min(due.values()) - now))
            ready = poll.poll(0)
        else:
            ready = poll.poll(0.5)
        for number, event in ready:
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
                    if sequence % keep_every == 0:
                        latencies.append(now - at)
                    statuses[status] = statuses.get(status, 0) + 1
                elif command < RESPONSE:
                    delivered += command == DELIVER
                    body = b"\0" if command == DELIVER else b""
                    out.append(pack(16 + len(body), command | RESPONSE, 0, sequence) + body)
            session.rest = data[position:]
            if answered and now < until and not interval:
                out.append(session.submits([now] * answered))
            if out:
                session.write(b"".join(out), poll)
        if interval and now < until:
            now = clock()
            for number, at in due.items():
                if at <= now:
                    session = sessions[number]
                    count = min(int((now - at) / interval) + 1, plan["window"] - len(session.pending))
                    due[number] = at + max(count, 1) * interval
                    if count > 0:
                        is_due = not plan.get("from_sending")
                        session.write(
                            session.submits([at + n * interval if is_due else now for n in range(count)]), poll
                        )
    lost = sum(len(session.pending) for session in sessions.values())
    found = shares_of(latencies)
    del found["count"]
    counts = {"answered": sum(statuses.values()), "lost": lost, "wrong": wrong, "delivered": delivered}
    print(json.dumps({**counts, "seconds": plan["seconds"], "statuses": statuses, **found}))


if __name__ == "__main__":
    {"sink": sink, "platform": platform}[sys.argv[1]](json.loads(sys.argv[2]))
