"""MM7 as it stands on real wires, in the forms of many programs."""

from __future__ import annotations

from proxy.mm7.http import HttpMessage, HttpReader

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
REL_6 = "http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4"
A, B, C = "+15551230001", "+15559870001", "+15559870002"


def number(digits: str, more: str = "") -> str:
    return f"<Number{more}>{digits}</Number>"


def envelope(body: str, transaction: str = "t-1", schema: str = REL_6) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}"><s:Header>'
        f'<m:TransactionID xmlns:m="{schema}" s:mustUnderstand="1">{transaction}</m:TransactionID>'
        f"</s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def submit_req(
    recipients: str = number(B), sender: str = f"<SenderAddress>{number(A)}</SenderAddress>", schema: str = REL_6
) -> bytes:
    """The envelope of a SubmitReq; ``recipients`` and ``sender`` are elements."""
    to = f"<Recipients><To>{recipients}</To></Recipients>" if recipients else ""
    return envelope(
        f'<SubmitReq xmlns="{schema}"><MM7Version>6.8.0</MM7Version><SenderIdentification><VASPID>v</VASPID>'
        f"<VASID>svc1</VASID>{sender}</SenderIdentification>{to}<Subject>Menu</Subject></SubmitReq>",
        schema=schema,
    )


def deliver_req(
    sender: str = number(B), recipients: str = number(A), subject: str = "", transaction: str = "d-1"
) -> bytes:
    """The envelope of a DeliverReq; ``sender`` and ``recipients`` are elements."""
    to = f"<Recipients><To>{recipients}</To></Recipients>" if recipients else ""
    about = f"<Subject>{subject}</Subject>" if subject else ""
    return envelope(
        f'<DeliverReq xmlns="{REL_6}"><MM7Version>6.8.0</MM7Version><VASID>svc1</VASID><Sender>{sender}</Sender>{to}'
        f'{about}<Content href="cid:c" allowAdaptations="true"/></DeliverReq>',
        transaction,
    )


def answer(kind: str, code: int = 1000, transaction: str = "t-1") -> bytes:
    """The envelope of an answer."""
    status = f"<Status><StatusCode>{code}</StatusCode><StatusText>as it is</StatusText></Status>"
    return envelope(f'<{kind} xmlns="{REL_6}"><MM7Version>6.8.0</MM7Version>{status}</{kind}>', transaction)


def text(said: str, headers: str = "Content-Type: text/plain; charset=utf-8") -> bytes:
    return f"{headers}\r\n\r\n{said}".encode()


PICTURE = b"Content-Type: image/jpeg\r\nContent-Transfer-Encoding: binary\r\n\r\n\xff\xd8\xff\xe0\0\x10JFIF\0\xff\xd9"


def related(*parts: bytes, boundary: str = "b-1", root: str = "text/xml") -> tuple[str, bytes]:
    """A Content-Type and a body: the first part is an envelope, the others have their own headers."""
    first = f"Content-Type: {root}; charset=utf-8\r\nContent-ID: <root>\r\n\r\n".encode() + parts[0]
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in (first, *parts[1:]))
    return (
        f'multipart/related; boundary="{boundary}"; type="text/xml"; start="<root>"',
        body + b"--" + boundary.encode() + b"--\r\n",
    )


def post(content: tuple[str, bytes] | bytes, headers: str = "", version: str = "1.1") -> bytes:
    """The octets of a request; content that is octets alone is an envelope without parts."""
    kind, body = content if isinstance(content, tuple) else ("text/xml; charset=utf-8", content)
    return (
        f'POST /mm7 HTTP/{version}\r\nHost: mmsc\r\nContent-Type: {kind}\r\nSOAPAction: ""\r\n{headers}'
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def reply(body: bytes, status: str = "200 OK", headers: str = "") -> bytes:
    """The octets of a response."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/xml\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def read(octets: bytes, answers: str = "") -> HttpMessage:
    """The message that these octets are, all of them."""
    message = HttpReader(answers).feed(octets)
    assert message is not None
    assert message.octets == octets
    return message


def basic(user: str = "vasp", password: str = "secret") -> str:
    import base64

    return f"Authorization: Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}\r\n"
