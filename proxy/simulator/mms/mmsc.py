"""The simulated MMSC: it takes what platforms submit, reports what became of it, and delivers what handsets send."""

from __future__ import annotations

import secrets
from contextlib import suppress

import trio

from proxy.simulator.mms import writing
from proxy.simulator.mms.messages import MmsMessage
from proxy.simulator.mms.party import Party, Unposted
from proxy.simulator.mms.writing import Media


class Mmsc(Party):
    """The carrier's side."""

    name = "mmsc"
    takes = "SubmitReq"
    gives = "SubmitRsp"
    _reporting: trio.MemorySendChannel[MmsMessage] | None = None

    async def deliver(self, source: str, destination: str, media: list[Media], subject: str = "") -> MmsMessage:
        """Post what a handset sends, and the message with what the platform answered; raises ``Unposted``."""
        transaction = f"d-{secrets.token_hex(6)}"
        message = self._message(source, [destination], subject, media, transaction)
        await self._post(
            writing.deliver_req(transaction, source, destination, subject, f"l-{message.number}"), media, message
        )
        return message

    async def report_on(self) -> None:
        """Until cancelled: report every message as retrieved by its handset, a moment after it was taken."""
        self._reporting, waiting = trio.open_memory_channel[MmsMessage](1000)
        async for message in waiting:
            for recipient in message.destinations:
                transaction = f"r-{secrets.token_hex(6)}"
                report = writing.report_req(transaction, message.id, recipient, message.source, "Retrieved")
                with suppress(Unposted):
                    _, answered = await self._post(report, [])
                    if answered is not None:
                        message.report = "Retrieved"
            await self._tell()

    def took(self, message: MmsMessage) -> None:
        """A platform's message is on its way to its handsets."""
        if self._reporting is not None and self.target is not None:
            with suppress(trio.WouldBlock):
                self._reporting.send_nowait(message)
