"""The answers that we write: SubmitRsp, faults with RSErrorRsp, and HTTP around them (3GPP TS 23.140, 8.7.1 and L)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from proxy.mm7.http import HttpMessage

DEFAULT_NAMESPACE = "http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4"
DEFAULT_VERSION = "6.8.0"

RESTRICTED = 2001
CORRUPT = 2007
UNAVAILABLE = 4006

_TEXTS = {
    2000: "Client error",
    RESTRICTED: "Operation restricted",
    2002: "Address error",
    2003: "Address not found",
    2004: "Multimedia content refused",
    2005: "Message ID not found",
    2006: "LinkedID not found",
    CORRUPT: "Message format corrupt",
    UNAVAILABLE: "Service unavailable",
}
"""StatusText by StatusCode; what isn't here is called as its class is."""

_CLASSES = {2: "Client error", 3: "Server error", 4: "Service error"}

Kind = Literal["response", "fault"]


def answer(kind: Kind, code: int, details: str, *, namespace: str, transaction: str, version: str) -> bytes:
    """The envelope of an answer with this StatusCode: a ``response`` (SubmitRsp), or a ``fault`` with RSErrorRsp."""
    text = _TEXTS.get(code) or _CLASSES.get(code // 1000, "Server error")
    status = (
        f"<MM7Version>{escape(version or DEFAULT_VERSION)}</MM7Version><Status><StatusCode>{code}</StatusCode>"
        f"<StatusText>{escape(text)}</StatusText><Details>{escape(details)}</Details></Status>"
    )
    space = quoteattr(namespace)
    if kind == "response":
        body = f"<SubmitRsp xmlns={space}>{status}</SubmitRsp>"
    else:
        whose = "Client" if code // 1000 == 2 else "Server"
        body = (
            f"<soapenv:Fault><faultcode>soapenv:{whose}</faultcode><faultstring>{escape(text)}</faultstring>"
            f"<detail><RSErrorRsp xmlns={space}>{status}</RSErrorRsp></detail></soapenv:Fault>"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Header>'
        f'<TransactionID xmlns={space} soapenv:mustUnderstand="1">{escape(transaction)}</TransactionID>'
        f"</soapenv:Header><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    ).encode()


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
"""What a client waits for that says ``Expect: 100-continue``; we hold the body, so it is we who answer it."""


def over_http(
    status: int,
    body: bytes,
    request: HttpMessage | None,
    *,
    kind: str = 'text/xml; charset="utf-8"',
    retry_after: int = 0,
    is_last: bool = False,
) -> bytes:
    """An HTTP answer to a request, or to octets that are none; ``retry_after`` in seconds, 0 for none."""
    is_last = is_last or request is None or request.is_last
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
    ]
    if retry_after:
        lines.append(f"Retry-After: {retry_after}")
    if is_last:
        lines.append("Connection: close")
    elif request is not None and request.version == "1.0":
        lines.append("Connection: keep-alive")
    head = "\r\n".join([*lines, "", ""]).encode()
    return head if request is not None and request.method == "HEAD" else head + body
