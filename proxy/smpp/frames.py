"""A byte stream cut into SMPP frames, by ``command_length`` and nothing else."""

from __future__ import annotations

from struct import Struct

HEADER_SIZE = 16
"""Octets in the header that every PDU begins with (SMPP 3.4, section 3.2)."""

MAX_PDU = 128 * 1024
"""The largest ``command_length`` taken by default, in octets.

A ``message_payload`` may hold 64 KiB (section 5.3.2.32), to which the other fields and vendor TLVs
come; twice that is out of reach of honest software. HTTP, TLS, AMQP and RDP probes read as
lengths of millions, so the limit also names them for what they are.
"""

_BEGINNING = Struct(">LL")
"""command_length and command_id."""


class FrameError(Exception):
    """Framing is lost: no later byte of this stream can be trusted, so close the connection."""

    def __init__(self, command_length: int, max_pdu: int) -> None:
        self.command_length = command_length
        super().__init__(
            f"command_length {command_length} is outside {HEADER_SIZE}..{max_pdu}{_looks_like(command_length)}"
        )


class Frames:
    """Cuts one direction of a connection into frames.

    ``feed`` takes bytes in any chunking and returns ``(buffer, ends, commands)``: the frames that are whole now lie
    back to back in ``buffer``, the first from 0 to ``ends[0]``, the next from there to ``ends[1]``, and so on;
    ``commands`` are their command_ids. When no frame was cut by the end of a read, ``buffer`` is the very object that
    was fed, so forwarding it costs no copy.

    After a ``command_length`` that can't be right, ``fault`` holds the ``FrameError`` and every
    later byte is ignored; the frames before it are still returned. At most ``max_pdu`` octets and
    one read are held.
    """

    __slots__ = ("_needed", "_pending", "fault", "max_pdu")

    def __init__(self, max_pdu: int = MAX_PDU) -> None:
        self.max_pdu = max_pdu
        self.fault: FrameError | None = None
        self._pending = bytearray()
        self._needed = 4

    @property
    def pending(self) -> int:
        """Octets held of a frame that is not whole yet."""
        return len(self._pending)

    def feed(self, data: bytes) -> tuple[bytes, list[int], list[int]]:
        """Take the next bytes of the stream, return the frames that they complete."""
        if self.fault is not None:
            return b"", [], []
        if self._pending:
            self._pending += data
            if len(self._pending) < self._needed:
                return b"", [], []
            data = bytes(self._pending)
            self._pending.clear()
        return self._cut(data)

    def _cut(self, data: bytes) -> tuple[bytes, list[int], list[int]]:
        ends: list[int] = []
        commands: list[int] = []
        size, max_pdu, unpack = len(data), self.max_pdu, _BEGINNING.unpack_from
        start = 0
        while size - start >= 8:
            length, command = unpack(data, start)
            if not HEADER_SIZE <= length <= max_pdu:
                self.fault = FrameError(length, max_pdu)
                return data, ends, commands
            if size - start < length:
                self._hold(data, start, length)
                return data, ends, commands
            start += length
            ends.append(start)
            commands.append(command)
        if start < size:
            self._hold_beginning(data, start)
        return data, ends, commands

    def _hold_beginning(self, data: bytes, start: int) -> None:
        """Less than two fields of a header: what can be said of its length already, is."""
        if len(data) - start < 4:
            self._hold(data, start, 4)
            return
        length = int.from_bytes(data[start : start + 4], "big")
        if HEADER_SIZE <= length <= self.max_pdu:
            self._hold(data, start, length)
        else:
            self.fault = FrameError(length, self.max_pdu)

    def _hold(self, data: bytes, start: int, needed: int) -> None:
        self._pending += memoryview(data)[start:]
        self._needed = needed


def _looks_like(command_length: int) -> str:
    """Name the protocol whose first four octets read as this length, for the log line."""
    start = command_length.to_bytes(4, "big")
    if start[:2] == b"\x16\x03":
        return " (a TLS client on a plain port?)"
    if start[:3] == b"\x03\x00\x00":
        return " (an RDP probe?)"
    if start.isalpha() or start in (b"GET ", b"PUT "):
        return f" (text: {start.decode('ascii')!r}, an HTTP probe?)"
    return ""
