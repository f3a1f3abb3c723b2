"""The simulated platform (VASP): it submits messages, and hears what handsets say and what became of them."""

from __future__ import annotations

import secrets

from proxy.mm7.envelope import Envelope
from proxy.simulator.mms import writing
from proxy.simulator.mms.messages import MmsMessage
from proxy.simulator.mms.party import Party
from proxy.simulator.mms.writing import Media


class Vasp(Party):
    """The platform's side."""

    name = "vasp"
    takes = "DeliverReq"
    gives = "DeliverRsp"

    async def submit(self, source: str, destinations: list[str], media: list[Media], subject: str = "") -> MmsMessage:
        """Post a message, and the message with what the MMSC answered; raises ``Unposted``."""
        transaction = f"s-{secrets.token_hex(6)}"
        message = self._message(source, destinations, subject, media, transaction)
        await self._post(writing.submit_req(transaction, source, destinations, subject), media, message)
        return message

    def _reported(self, report: Envelope) -> None:
        for message in self.sent:
            if message.id and message.id == report.message_id:
                message.report = report.status or "reported"
