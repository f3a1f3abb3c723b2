"""Binds that were asked for, until the SMSC answers them: only one that is accepted says who is there."""

from __future__ import annotations

from typing import NamedTuple

from proxy.smpp import pdu

MOST_BINDS = 16
"""Binds of one session whose answer is waited for; those beyond pass, and bind nothing as far as we know."""


class AskedBind(NamedTuple):
    """A bind that was asked for."""

    command: int
    system_id: str


class Binds:
    """Those of one session without an answer, by sequence_number."""

    def __init__(self) -> None:
        self._asked: dict[int, AskedBind] = {}

    def ask(self, command: int, sequence: int, system_id: str) -> None:
        """One is passed on."""
        if len(self._asked) < MOST_BINDS:
            self._asked[sequence] = AskedBind(command, system_id)

    def answered(self, command: int, sequence: int) -> AskedBind | None:
        """The bind that a response answers; None if nobody asked for one, since on some routes strangers can send it.

        SMSCs that don't give the request's sequence_number back are taken to answer the first one of its kind, or else
        the first of any. A generic_nack answers the one that it names.
        """
        if sequence not in self._asked and command != pdu.GENERIC_NACK:
            same = (n for n, each in self._asked.items() if each.command == command)
            sequence = next(same, next(iter(self._asked), -1))
        return self._asked.pop(sequence, None)
