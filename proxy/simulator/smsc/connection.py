"""One ESME's connection to the simulated SMSC: framing, its bind, requests both ways, and the faults done to it."""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

import trio

from proxy.net.sockets import name_of
from proxy.net.tls import Stream, socket_of
from proxy.simulator.smsc.faults import STATUS_OF, FaultRule
from proxy.smpp import fields as pdus
from proxy.smpp import pdu, write
from proxy.smpp.fields import Parsed
from proxy.smpp.frames import Frames
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import RESPONSE, Address, PduError

Bind = Literal["", "transmitter", "receiver", "transceiver"]

VENDOR_TLV = Tlv(0x1401, b"vendor")
"""What the fault ``add_tlv`` adds to an answer: a tag of those left to vendors (section 5.3.2)."""

UNKNOWN_COMMAND = 0x000000FF
"""What the fault ``unknown_command`` sends: a command_id that no specification has."""


class Seen(NamedTuple):
    """A PDU that went over a connection, as it was."""

    number: int
    time: float
    connection: int
    direction: Literal["in", "out"]
    frame: bytes

    @property
    def command(self) -> str:
        """The specification's name of the command."""
        return pdu.command_name(pdu.HEADER.unpack_from(self.frame)[1])

    @property
    def sequence(self) -> int:
        """Its sequence_number."""
        return int(pdu.HEADER.unpack_from(self.frame)[3])

    def addresses(self) -> tuple[Address, Address]:
        """Source and destination of a message."""
        source, destination, _ = pdu.read_addresses(self.frame, 0, len(self.frame))
        return source, destination


class Lost(Exception):
    """The connection ended before the answer came."""


class Connection:
    """The SMSC's end of one connection. ``on_pdu`` is called with its number, the direction and each PDU."""

    def __init__(self, number: int, stream: Stream, on_pdu: Callable[[int, str, bytes], None]) -> None:
        self.number = number
        self.system_id = ""
        self.bind: Bind = ""
        self.address_range = ""
        """The addresses that the bind asked for, as a regular expression (section 5.2.7)."""
        self.version = 0
        self.peer = name_of(socket_of(stream))
        self.began_at = time.time()
        self.is_over = False
        self.ended_by = "closed by the ESME"
        """How it ended."""
        self._stream = stream
        self._on_pdu = on_pdu
        self._lock = trio.Lock()
        self._sequence = 0
        self._waiting: dict[int, tuple[trio.Event, list[Parsed]]] = {}
        self._held: list[bytes] = []
        self._octets_a_second = 0.0
        self._is_dead = False
        self._is_mute = False

    @property
    def can_receive(self) -> bool:
        """Whether it is bound to be delivered to."""
        return self.bind in ("receiver", "transceiver") and not self.is_over

    def serves(self, address: Address) -> bool:
        """Whether the bind's address_range names this address; one that is no regular expression names itself."""
        digits = address.digits.decode("latin-1")
        try:
            return bool(self.address_range) and re.search(self.address_range, digits) is not None
        except re.error:
            return self.address_range == digits

    @property
    def can_send(self) -> bool:
        """Whether it is bound to submit."""
        return self.bind in ("transmitter", "transceiver")

    async def run(self, serve: Callable[[Connection, bytes, trio.Nursery], Awaitable[None]]) -> None:
        """Read until the connection ends; ``serve`` is called with each request, to answer it."""
        frames = Frames()
        try:
            async with trio.open_nursery() as nursery:
                while frames.fault is None and (data := await self._receive()):
                    buffer, ends, _ = frames.feed(data)
                    start = 0
                    for end in ends:
                        await self._take(buffer[start:end], serve, nursery)
                        start = end
                if frames.fault is not None:
                    self.ended_by = f"framing is lost: {frames.fault}"
                    await self.send(pdu.header_only(pdu.GENERIC_NACK, pdu.RINVCMDLEN, 0))
                nursery.cancel_scope.cancel()
        except* (trio.BrokenResourceError, trio.ClosedResourceError) as errors:
            if isinstance(self._stream, trio.SSLStream) and not self.system_id:
                self.ended_by = f"no TLS came about: {errors.exceptions[0].__cause__ or errors.exceptions[0]}"
        finally:
            self.is_over = True
            for event, _ in self._waiting.values():
                event.set()
            with trio.CancelScope(shield=True):
                await trio.aclose_forcefully(self._stream)

    async def request(self, command: str, fields: Mapping[str, Any] | None = None, tlvs: Iterable[Tlv] = ()) -> Parsed:
        """Send a request of ours and wait for its answer; raises ``Lost``."""
        self._sequence += 1
        sequence = self._sequence
        event, answers = self._waiting[sequence] = (trio.Event(), [])
        try:
            await self.send(pdus.write(command, fields, tlvs, sequence=sequence))
            await event.wait()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            raise Lost from None
        finally:
            self._waiting.pop(sequence, None)
        if not answers:
            raise Lost
        return answers[0]

    async def notify(self, command: str, fields: Mapping[str, Any] | None = None) -> None:
        """Send a PDU that has no answer."""
        self._sequence += 1
        await self.send(pdus.write(command, fields, sequence=self._sequence))

    async def send(self, data: bytes) -> None:
        """Send these octets, whatever they are."""
        if self._is_dead or self._is_mute:
            return
        async with self._lock:
            self._note_out(data)
            await self._stream.send_all(data)

    def mute(self) -> None:
        """Send nothing any more, neither answers nor receipts, and go on reading."""
        self._is_mute = True

    async def answer(self, request: Parsed, answer: bytes, fault: FaultRule | None, nursery: trio.Nursery) -> None:
        """Send the answer to a request, or do to it what a fault says."""
        if fault is None:
            await self.send(answer)
            return
        match fault.action:
            case "status" | "throttle" | "queue_full":
                status = STATUS_OF.get(fault.action) or pdu.status_code(fault.status)
                await self.send(pdu.refusal(request.command_id, status, request.sequence))
            case "delay":
                nursery.start_soon(self._later, fault.delay, answer)
            case "duplicate":
                await self.send(answer + answer)
            case "wrong_sequence":
                await self.send(answer[:12] + struct.pack(">L", (request.sequence + 1000) & 0x7FFFFFFF) + answer[16:])
            case "shuffle" | "coalesce":
                self._held.append(answer)
                if len(self._held) >= fault.hold:
                    held, self._held = self._held, []
                    await self.send(b"".join(held if fault.action == "coalesce" else reversed(held)))
            case "split":
                await self._send_in_pieces(answer, fault)
            case "add_tlv":
                more = write.tlvs([VENDOR_TLV])
                await self.send(struct.pack(">L", len(answer) + len(more)) + answer[4:] + more)
            case "unknown_command":
                self._sequence += 1
                await self.send(pdu.header_only(UNKNOWN_COMMAND, 0, self._sequence) + answer)
            case "slow_read":
                self._octets_a_second = fault.rate
                await self.send(answer)
            case "truncate":
                await self.send(answer[:-1] if len(answer) > 16 else answer[:12])
                await self.close()
            case "malformed":
                await self.send(struct.pack(">L", 8) + answer[4:])
            case "close":
                await self.close()
            case "reset":
                self.reset()
            case "unbind":
                await self.send(answer)
                nursery.start_soon(self.unbind)
            case "half_open":
                self._is_dead = True
            case "silence":
                pass

    async def flush(self) -> None:
        """Send the answers that ``shuffle`` or ``coalesce`` hold back."""
        held, self._held = self._held, []
        if held:
            await self.send(b"".join(held))

    async def unbind(self) -> None:
        """Ask the ESME to leave, and close when it has agreed."""
        try:
            await self.request("unbind")
        except Lost:
            return
        await self.close()

    async def close(self) -> None:
        """Close as TCP does: what was sent arrives."""
        self.bind, self.ended_by = "", "closed by the SMSC"
        await self._stream.aclose()

    def reset(self) -> None:
        """Close with a reset: what was sent may be lost."""
        self.ended_by = "reset by the SMSC"
        transport = socket_of(self._stream)
        transport.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.socket.close()

    async def _receive(self) -> bytes:
        if self._is_dead:
            await trio.sleep_forever()
        if self._octets_a_second:
            await trio.sleep(1 / self._octets_a_second)
            return bytes(await self._stream.receive_some(1))
        return bytes(await self._stream.receive_some(65536))

    async def _take(
        self, frame: bytes, serve: Callable[[Connection, bytes, trio.Nursery], Awaitable[None]], nursery: trio.Nursery
    ) -> None:
        self._on_pdu(self.number, "in", frame)
        _, command, _, sequence = pdu.HEADER.unpack_from(frame)
        if command & RESPONSE:
            if (waiting := self._waiting.get(sequence)) is not None:
                event, answers = waiting
                answers.append(_leniently(frame))
                event.set()
        else:
            await serve(self, frame, nursery)

    async def _later(self, delay: float, answer: bytes) -> None:
        await trio.sleep(delay)
        await self.send(answer)

    async def _send_in_pieces(self, data: bytes, fault: FaultRule) -> None:
        async with self._lock:
            self._note_out(data)
            socket_of(self._stream).setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(data), fault.size):
                await self._stream.send_all(data[start : start + fault.size])
                await trio.sleep(fault.pause)

    def _note_out(self, data: bytes) -> None:
        """Call ``on_pdu`` with each whole PDU in what is sent, and with the rest as if it were one."""
        position = 0
        while position < len(data):
            length = int.from_bytes(data[position : position + 4], "big") if len(data) - position >= 16 else 0
            end = position + length if 16 <= length <= len(data) - position else len(data)
            self._on_pdu(self.number, "out", data[position:end].ljust(16, b"\0"))
            position = end


def _leniently(frame: bytes) -> Parsed:
    """A response, without its fields if they can't be read."""
    _, command, status, sequence = pdu.HEADER.unpack_from(frame)
    try:
        return pdus.read(frame)
    except PduError:
        return Parsed(command, status, sequence, {}, ())
