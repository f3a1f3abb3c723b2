"""A picture message as the simulated MMSC and platform know it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from proxy.mm7.envelope import Envelope
from proxy.mm7.message import Mm7Message
from proxy.mm7.text import LAYOUT, texts_of
from proxy.simulator.mms.writing import Media


@dataclass(slots=True)
class MmsMessage:
    """One message: between whom, what it says and shows, and what became of it.

    ``state`` is the StatusCode or HTTP status of its answer, ``report`` the MMStatus that was reported of it later.
    """

    number: int
    source: str
    destinations: list[str]
    subject: str
    texts: list[str]
    media: list[Media]
    transaction: str
    id: str = ""
    user: str = ""
    state: str = ""
    report: str = ""
    time: float = field(default_factory=time.time)

    def view(self) -> dict[str, Any]:
        """As the control API shows it; pictures by number, to be had from ``/v1/mms/media``."""
        shown = {name: getattr(self, name) for name in self.__slots__ if name != "media"}
        return shown | {"media": [each.content_type for each in self.media]}


def of_message(number: int, message: Mm7Message, user: str) -> MmsMessage:
    """The message that came."""
    root = message.root
    texts, _, _ = texts_of(message.content)
    media = [
        Media(part.content_type, part.decoded().octets)
        for part in message.content
        if part.content_type not in LAYOUT and not part.content_type.startswith("text/")
    ]
    said = [text.text.strip() for text in texts]
    to = [plain(address.text) for address in root.recipients if not address.is_shown]
    return MmsMessage(number, sender_of(root), to, root.subject, said, media, root.transaction, user=user)


def sender_of(envelope: Envelope) -> str:
    """Whom it is from, empty if it doesn't say."""
    return plain(envelope.senders[0].text) if envelope.senders else ""


def plain(number: str) -> str:
    """A number as the simulator shows it: its digits, where there are any."""
    return number.partition("/")[0].partition("@")[0].removeprefix("+")
