"""How long a carrier takes to answer a submit_sm. Of each session one at a time is timed: it costs hardly anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from proxy.smpp import pdu
from proxy.smpp.pdu import RESPONSE

GIVEN_UP = 60.0
"""Seconds after which the answer to one is waited for no longer, and the next one is timed."""

_RESPONSE = (pdu.SUBMIT_SM | RESPONSE).to_bytes(4, "big")


class Stopwatch:
    """Times one request after another; ``observe`` is told how long each took, in seconds."""

    __slots__ = ("_begun", "_clock", "_sequence", "observe")

    def __init__(self, observe: Callable[[float], None], clock: Callable[[], float]) -> None:
        self.observe = observe
        self._clock = clock
        self._sequence = b""
        self._begun = 0.0

    def start(self, frame: memoryview | bytes) -> None:
        """This submit_sm is passed on now; timed unless another one is."""
        if self._sequence and self._clock() - self._begun < GIVEN_UP:
            return
        self._sequence, self._begun = bytes(frame[12:16]), self._clock()

    def stop(self, buffer: bytes, ends: Sequence[int]) -> None:
        """These frames came from the carrier; perhaps the answer that is waited for is one of them."""
        if not self._sequence or self._sequence not in buffer:
            return
        start = 0
        for end in ends:
            if buffer[start + 12 : start + 16] == self._sequence and buffer[start + 4 : start + 8] == _RESPONSE:
                self.observe(self._clock() - self._begun)
                self._sequence = b""
                return
            start = end
