"""What the simulated MMSC and platform have in common: they listen, answer, post, and remember."""

from __future__ import annotations

import base64
import secrets
from collections import deque
from collections.abc import Callable
from itertools import count
from typing import Literal

import trio

from proxy.mm7.answers import over_http
from proxy.mm7.envelope import Envelope
from proxy.mm7.http import HttpMessage
from proxy.mm7.message import Mm7Error, Mm7Message, read_mm7
from proxy.simulator.mms import http, writing
from proxy.simulator.mms.faults import MmsFault, MmsFaults
from proxy.simulator.mms.messages import MmsMessage, of_message, plain, sender_of
from proxy.simulator.mms.writing import Media, Target

KINDS = (
    "SubmitReq", "DeliverReq", "DeliveryReportReq", "ReadReplyReq", "CancelReq", "extendedCancelReq", "ReplaceReq",
    "extendedReplaceReq", "QueryStatusReq",
)  # fmt: skip
"""The requests that are known."""

MOST_MESSAGES = 2_000
"""Messages that are remembered, with their pictures."""


class Unposted(LookupError):
    """A message could not be posted: nobody is there to take it."""


class Party:
    """One side: ``name`` is what faults call it, ``takes`` the kind of the messages that it gets."""

    name: Literal["mmsc", "vasp"]
    takes: str
    gives: str

    def __init__(
        self,
        faults: MmsFaults,
        target: Target | None = None,
        account: tuple[str, str] = ("", ""),
        tell_of: Callable[[str], None] = lambda _: None,
    ) -> None:
        """``target``: where it posts. ``account``: the user and password that it wants to see, if any."""
        self.target = target
        self.address = ("", 0)
        self.came: deque[MmsMessage] = deque(maxlen=MOST_MESSAGES)
        """Messages that came, oldest first."""
        self.sent: deque[MmsMessage] = deque(maxlen=MOST_MESSAGES)
        """Messages that were posted, with what they were answered."""
        self.posts: deque[bytes] = deque(maxlen=MOST_MESSAGES)
        """The octets of each request that came."""
        self._faults = faults
        self._account = account
        self._tell_of = tell_of
        self._came = count(1)
        self._sent = count(1)
        self._changed = trio.Condition()

    async def serve(
        self, host: str, port: int, task_status: trio.TaskStatus[tuple[str, int]] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Listen until cancelled; the address that it really listens on is the task's value. Raises ``OSError``."""
        listeners = await trio.open_tcp_listeners(port, host=host)
        self.address = listeners[0].socket.getsockname()[:2]
        task_status.started(self.address)
        await http.serve(listeners, self._answer)

    async def wait_for(self, condition: Callable[[], bool]) -> None:
        """Return when the condition holds; it is looked at whenever a message came or went."""
        async with self._changed:
            while not condition():
                await self._changed.wait()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # What comes.

    async def _answer(self, request: HttpMessage) -> bytes | None:
        self.posts.append(request.octets)
        user, password = self._account
        proof = base64.b64encode(f"{user}:{password}".encode()).decode()
        if user and request.header("authorization") != f"Basic {proof}":
            body = over_http(401, b"", request).split(b"\r\n", 1)
            return body[0] + b'\r\nWWW-Authenticate: Basic realm="mm7"\r\n' + body[1]
        if not request.body:
            return over_http(200, b"", request, kind="text/plain")
        try:
            message = read_mm7(request)
        except Mm7Error as error:
            return over_http(200, writing.answer(self.gives, error.transaction, 4004, str(error)), request)
        if message is None:
            return over_http(415, b"this is no MM7\r\n", request, kind="text/plain")
        return await self._serve(request, message, user)

    async def _serve(self, request: HttpMessage, message: Mm7Message, user: str) -> bytes | None:
        root = message.root
        to = [plain(address.text) for address in root.recipients]
        code, text, made = 1000, "Success", None
        if (fault := self._faults.of_message(self.name, sender_of(root), to)) is not None:
            self._tell_of(
                f"{root.kind} from {sender_of(root) or '?'} to {', '.join(to) or '?'}: {fault.action}, as a rule says"
            )
            done = await self._do_wrong(fault, root, request)
            if done is not None:
                return done or None
        if root.kind == "SubmitReq" and not to:
            code, text = 2007, "Message format corrupt: no recipients"
        elif root.kind not in KINDS:
            code, text = 4003, "Unsupported operation"
        elif root.kind == self.takes:
            made = of_message(next(self._came), message, user)
            made.id = f"m{made.number}-{secrets.token_hex(4)}" if self.name == "mmsc" else ""
            made.state = str(code)
            self.came.append(made)
            shown = " ".join([*made.texts, *(f"({each.content_type})" for each in made.media)])
            self._tell_of(f"{root.kind} from {made.source or '?'} to {', '.join(made.destinations)}: {shown}")
        elif root.kind == "DeliveryReportReq":
            self._reported(root)
        kind = root.kind.removesuffix("Req") + "Rsp"
        message_id = made.id if made else ""
        body = writing.answer(kind, root.transaction, code, text, message_id, root.namespace)
        if code == 4003:
            body = writing.fault(root.transaction, code, text, root.namespace)
        await self._tell()
        if made is not None:
            self.took(made)
        return over_http(200, body, request)

    async def _do_wrong(self, fault: MmsFault, root: Envelope, request: HttpMessage) -> bytes | None:
        """The answer of a fault; nothing for a connection that is closed, None where it is answered after all."""
        kind = root.kind.removesuffix("Req") + "Rsp"
        match fault.action:
            case "status":
                body = writing.answer(kind, root.transaction, fault.answers_with, "as a rule says", "", root.namespace)
                return over_http(200, body, request)
            case "fault":
                body = writing.fault(root.transaction, fault.answers_with, "as a rule says", root.namespace)
                return over_http(500, body, request)
            case "http":
                return over_http(fault.answers_with, b"as a rule says\r\n", request, kind="text/plain")
            case "silence":
                await trio.sleep_forever()
            case "garbage":
                return b"\x00\x01 no HTTP\r\n\r\n"
            case "close":
                return b""
            case _:
                await trio.sleep(fault.delay)
        return None

    def took(self, message: MmsMessage) -> None:
        """A message was taken, and is being answered."""

    def _reported(self, report: Envelope) -> None:
        """A report came about a message that was sent."""

    # What goes.

    async def _post(
        self, root: bytes, media: list[Media], message: MmsMessage | None = None
    ) -> tuple[HttpMessage, Envelope | None]:
        """Post an envelope, and its answer; raises ``Unposted``."""
        if self.target is None:
            raise Unposted("nobody is named to post to")
        try:
            response = await http.ask(self.target.address, writing.post(self.target, root, media))
        except http.NoAnswer as error:
            if message is not None:
                message.state = "no answer"
                self.sent.append(message)
                await self._tell()
            raise Unposted(str(error)) from error
        try:
            read = read_mm7(response)
        except Mm7Error:
            read = None
        answered = read.root if read else None
        if message is not None:
            message.state = (answered.status_code if answered else "") or f"HTTP {response.status}"
            message.id = answered.message_id if answered else ""
            self.sent.append(message)
            await self._tell()
        return response, answered

    def _message(self, source: str, to: list[str], subject: str, media: list[Media], transaction: str) -> MmsMessage:
        """A message that is to be sent."""
        texts = [each.octets.decode() for each in media if each.content_type.startswith("text/")]
        shown = [each for each in media if not each.content_type.startswith("text/")]
        return MmsMessage(next(self._sent), plain(source), [*map(plain, to)], subject, texts, shown, transaction)
