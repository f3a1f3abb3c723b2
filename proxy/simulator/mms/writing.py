"""MM7 messages as the simulated MMSC and platform write them: HTTP with an envelope and its parts (TS 23.140, 8.7)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from proxy.mm7 import answers

NAMESPACE = "http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4"
VERSION = "6.8.0"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


class Media(NamedTuple):
    """One part of a message: a text (in UTF-8), or something else."""

    content_type: str
    octets: bytes

    @classmethod
    def text(cls, text: str) -> Media:
        """A text."""
        return cls("text/plain; charset=utf-8", text.encode())


class Target(NamedTuple):
    """Where messages are posted: a URL, and credentials if they are wanted."""

    url: str
    user: str = ""
    password: str = ""

    @property
    def address(self) -> tuple[str, int]:
        """Host and port; raises ``ValueError`` for a URL that has none."""
        parts = urlsplit(self.url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{self.url}: must be http://host:port/path")
        return parts.hostname, parts.port or 80


def envelope(kind: str, transaction: str, inner: str, namespace: str = NAMESPACE) -> bytes:
    """An envelope with one message in its body; ``inner`` is XML."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope xmlns:env="{_SOAP}"><env:Header>'
        f'<mm7:TransactionID xmlns:mm7="{namespace}" env:mustUnderstand="1">{escape(transaction)}</mm7:TransactionID>'
        f'</env:Header><env:Body><{kind} xmlns="{namespace}"><MM7Version>{VERSION}</MM7Version>{inner}</{kind}>'
        "</env:Body></env:Envelope>"
    ).encode()


def submit_req(
    transaction: str, sender: str, recipients: Sequence[str], subject: str, vasp: tuple[str, str] = ("", "")
) -> bytes:
    """A SubmitReq; ``vasp`` is its VASPID and VASID, each empty for none."""
    names = "".join(
        f"<{name}>{escape(each)}</{name}>" for name, each in zip(("VASPID", "VASID"), vasp, strict=True) if each
    )
    source = f"<SenderAddress><Number>{escape(sender)}</Number></SenderAddress>" if sender else ""
    to = "".join(f"<Number>{escape(each)}</Number>" for each in recipients)
    about = f"<Subject>{escape(subject)}</Subject>" if subject else ""
    return envelope(
        "SubmitReq",
        transaction,
        f"<SenderIdentification>{names}{source}</SenderIdentification><Recipients><To>{to}</To></Recipients>"
        f'<DeliveryReport>true</DeliveryReport>{about}<Content href="cid:content"/>',
    )


def deliver_req(transaction: str, sender: str, recipient: str, subject: str, linked: str) -> bytes:
    """A DeliverReq: what a handset has sent to a business number."""
    to = f"<Recipients><To><Number>{escape(recipient)}</Number></To></Recipients>" if recipient else ""
    about = f"<Subject>{escape(subject)}</Subject>" if subject else ""
    return envelope(
        "DeliverReq",
        transaction,
        f"<LinkedID>{escape(linked)}</LinkedID><Sender><Number>{escape(sender)}</Number></Sender>{to}{about}"
        '<Content href="cid:content"/>',
    )


def report_req(transaction: str, message_id: str, recipient: str, sender: str, state: str) -> bytes:
    """A DeliveryReportReq: what became of a message."""
    return envelope(
        "DeliveryReportReq",
        transaction,
        f"<MessageID>{escape(message_id)}</MessageID><Recipient><Number>{escape(recipient)}</Number></Recipient>"
        f"<Sender><Number>{escape(sender)}</Number></Sender><MMStatus>{escape(state)}</MMStatus>",
    )


def answer(
    kind: str, transaction: str, code: int, text: str, message_id: str = "", namespace: str = NAMESPACE
) -> bytes:
    """A SubmitRsp, DeliverRsp or the like."""
    made = f"<MessageID>{escape(message_id)}</MessageID>" if message_id else ""
    status = f"<Status><StatusCode>{code}</StatusCode><StatusText>{escape(text)}</StatusText></Status>"
    return envelope(kind, transaction, status + made, namespace)


def fault(transaction: str, code: int, text: str, namespace: str = NAMESPACE) -> bytes:
    """A SOAP fault with an RSErrorRsp."""
    return answers.answer("fault", code, text, namespace=namespace, transaction=transaction, version=VERSION)


def post(target: Target, root: bytes, media: Sequence[Media] = ()) -> bytes:
    """The octets of a request: an envelope, and its media as a multipart within the multipart."""
    kind, body = ('text/xml; charset="utf-8"', root)
    if media:
        content = b"".join(b"--content\r\n%b\r\n" % _part(each) for each in media) + b"--content--"
        parts = (
            b'Content-Type: text/xml; charset="utf-8"\r\nContent-ID: <root>\r\n\r\n' + root,
            b"Content-Type: multipart/mixed; boundary=content\r\nContent-ID: <content>\r\n\r\n" + content,
        )
        kind = 'multipart/related; boundary="mm7"; type="text/xml"; start="<root>"'
        body = b"".join(b"--mm7\r\n%b\r\n" % part for part in parts) + b"--mm7--\r\n"
    parts_of = urlsplit(target.url)
    lines = [
        f"POST {parts_of.path or '/'}{'?' + parts_of.query if parts_of.query else ''} HTTP/1.1",
        f"Host: {parts_of.netloc}",
        f"Content-Type: {kind}",
        'SOAPAction: ""',
        f"Content-Length: {len(body)}",
    ]
    if target.user:
        proof = base64.b64encode(f"{target.user}:{target.password}".encode()).decode()
        lines.append(f"Authorization: Basic {proof}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _part(media: Media) -> bytes:
    return f"Content-Type: {media.content_type}\r\n\r\n".encode() + media.octets
