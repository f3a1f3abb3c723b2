"""What becomes of messages: their states as time goes by, and the reports that their ESMEs asked for."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any

import trio

from proxy.simulator.smsc.connection import Connection, Lost
from proxy.simulator.smsc.messages import INTERMEDIATE, RECEIPT, Message, Outcome, State
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import Address


class Lives:
    """Those of one SMSC. ``receivers`` gives the connections of an account that can be delivered to, ``tell`` is called
    when something has changed; ``most`` reports wait for a receiver.
    """

    def __init__(
        self, receivers: Callable[[str], Sequence[Connection]], tell: Callable[[], Awaitable[None]], most: int
    ) -> None:
        self._receivers = receivers
        self._tell = tell
        self._undelivered: deque[tuple[str, dict[str, Any], tuple[Tlv, ...]]] = deque(maxlen=most)

    def forget(self) -> None:
        """No report waits any more."""
        self._undelivered.clear()

    async def live(self, message: Message, outcome: Outcome) -> None:
        """Bring a message to its final state, and send the reports that its ESME has asked for."""
        final, delay, error = outcome.final, outcome.delay, outcome.error
        await trio.sleep(max(0.0, message.deliver_at - time.time()))
        if delay:
            if message.wants_receipt() and not message.is_final:
                message.done_at = time.time()
                await self._report(message, INTERMEDIATE)
            expires_in = math.inf if message.expires_at is None else message.expires_at - time.time()
            await trio.sleep(max(0.0, min(delay, expires_in)))
            if expires_in < delay:
                final, error = State.EXPIRED, 0
        if not message.is_final:
            message.state, message.error = final, error
        message.done_at = message.done_at if message.state is State.DELETED else time.time()
        if message.wants_receipt():
            await self._report(message, RECEIPT)
        await self._tell()

    def deliver_waiting(self, connection: Connection, nursery: trio.Nursery) -> None:
        """Start to deliver the reports that waited for a receiver of this connection's account."""
        waiting = [*self._undelivered]
        self._undelivered.clear()
        for system_id, fields, tlvs in waiting:
            if system_id == connection.system_id:
                nursery.start_soon(self._send_to, system_id, fields, tlvs)
            else:
                self._undelivered.append((system_id, fields, tlvs))

    async def _report(self, message: Message, kind: int) -> None:
        message.receipts.append(message.state.name)
        fields = {
            **addresses(message.destination, message.source),
            "esm_class": kind,
            "short_message": message.receipt_text().encode("latin-1", "replace")[:254],
        }
        await self._send_to(message.system_id, fields, message.receipt_tlvs())

    async def _send_to(self, system_id: str, fields: dict[str, Any], tlvs: tuple[Tlv, ...]) -> None:
        """Deliver to a receiver of this account, at once or as soon as there is one."""
        for connection in self._receivers(system_id):
            with suppress(Lost):
                await connection.request("deliver_sm", fields, tlvs)
                return
        self._undelivered.append((system_id, fields, tlvs))


def addresses(source: Address, destination: Address) -> dict[str, Any]:
    """The parameters of a message that say from whom to whom it goes."""
    return {
        "source_addr_ton": source.ton,
        "source_addr_npi": source.npi,
        "source_addr": source.digits,
        "dest_addr_ton": destination.ton,
        "dest_addr_npi": destination.npi,
        "destination_addr": destination.digits,
    }
