"""Envelopes, in the forms in which real programs write them, and in those by which somebody might hide a number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxy.mm7.addresses import Address
from proxy.mm7.envelope import MOST_OCTETS, Envelope, EnvelopeError, guess_envelope, read_envelope

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SCHEMA = "http://www.3gpp.org/ftp/Specs/archive/23_series/23.140/schema/REL-6-MM7-1-4"


def envelope(body: str, transaction: str = "t1", schema: str = SCHEMA) -> str:
    return (
        f'<?xml version="1.0"?>\n<s:Envelope xmlns:s="{SOAP}"><s:Header><m:TransactionID xmlns:m="{schema}"'
        f' s:mustUnderstand="1">{transaction}</m:TransactionID></s:Header><s:Body>{body}</s:Body></s:Envelope>'
    )


def submit(recipients: str, sender: str = "<SenderAddress><Number>15551230001</Number></SenderAddress>") -> str:
    return envelope(
        f'<SubmitReq xmlns="{SCHEMA}"><MM7Version>6.8.0</MM7Version><SenderIdentification><VASPID>v</VASPID>'
        f"<VASID>svc1</VASID>{sender}</SenderIdentification><Recipients>{recipients}</Recipients>"
        "<Subject>Your table</Subject><ChargedPartyID>+15550000009</ChargedPartyID></SubmitReq>"
    )


def read(text: str, charset: str = "") -> Envelope:
    return read_envelope(text.encode("utf-8"), charset)


def to(*recipients: Address) -> tuple[Address, ...]:
    return recipients


def test_a_submit() -> None:
    assert read(submit("<To><Number>+15559870001</Number></To>")) == Envelope(
        kind="SubmitReq",
        namespace=SCHEMA,
        transaction="t1",
        version="6.8.0",
        senders=(Address("15551230001"),),
        recipients=(Address("+15559870001"),),
        vaspid="v",
        vasid="svc1",
        subject="Your table",
    )


RECIPIENTS = {
    "<To><Number>+15559870001</Number></To>": to(Address("+15559870001")),
    "<To><Number>1</Number><Number>2</Number></To><Cc><Number>3</Number></Cc><Bcc><ShortCode>4</ShortCode></Bcc>": to(
        Address("1"), Address("2"), Address("3"), Address("4", "ShortCode")
    ),
    '<To><Number displayOnly="True">1</Number><Number displayOnly="0">2</Number></To>': to(
        Address("1", is_shown=True), Address("2")
    ),
    '<To displayOnly="1"><Number>1</Number></To>': to(Address("1")),
    '<To><Number xmlns:x="urn:x" x:displayOnly="true">1</Number></To>': to(Address("1")),
    '<To displayOnly="1">1</To>': to(Address("1", "", is_shown=True)),
    '<To><Number addressCoding="obfuscated">xAbc==</Number></To>': to(Address("xAbc==", is_coded=True)),
    "<To><RFC2822Address>97254265781@OMMS.com</RFC2822Address></To>": to(
        Address("97254265781@OMMS.com", "RFC2822Address")
    ),
    "<To>15559870001</To>": to(Address("15559870001", "")),
    "<Number>15559870001</Number>": to(Address("15559870001")),
    "<To><Number>1555<![CDATA[987]]>0001</Number></To>": to(Address("15559870001")),
    "<To><Number>1555<!-- no -->987<?no?>0001</Number></To>": to(Address("15559870001")),
    "<To><Number>1555987000&#49;</Number></To>": to(Address("15559870001")),
    "<To><Number>\n  15559870001\n</Number></To>": to(Address("15559870001")),
    '<x:To xmlns:x="urn:mm7"><y:Number xmlns:y="urn:other">15559870001</y:Number></x:To>': to(Address("15559870001")),
    '<To xmlns=""><Number>15559870001</Number></To>': to(Address("15559870001")),
    "": (),
}


@pytest.mark.parametrize("recipients", RECIPIENTS)
@pytest.mark.parametrize("charset", ["", "utf-8", "us-ascii", "iso-8859-1", "euc-kr", "gb2312"])
def test_recipients_in_all_forms(recipients: str, charset: str) -> None:
    found = read(submit(recipients), charset)
    assert found.recipients == RECIPIENTS[recipients]
    assert found.senders == (Address("15551230001"),)


@pytest.mark.parametrize(
    ("sender", "found"),
    [
        ("<Sender><Number>+15559870001/TYPE=PLMN</Number></Sender>", Address("+15559870001/TYPE=PLMN")),
        ("<Sender>15559870001</Sender>", Address("15559870001", "")),
        ("<Sender><SenderAddress>15559870001</SenderAddress></Sender>", Address("15559870001", "")),
        ("<Sender><SenderAddress><Number>15559870001</Number></SenderAddress></Sender>", Address("15559870001")),
        ("<SenderIdentification><SenderAddress>1</SenderAddress></SenderIdentification>", Address("1", "")),
    ],
)
def test_a_sender_in_all_forms(sender: str, found: Address) -> None:
    body = f"<DeliverReq><Recipients><To><ShortCode>12345</ShortCode></To></Recipients>{sender}</DeliverReq>"
    read_ = read(envelope(body, transaction="\n  t 1 \n"))
    assert (read_.kind, read_.namespace, read_.transaction) == ("DeliverReq", "", "t 1")
    assert (read_.senders, read_.recipients) == ((found,), (Address("12345", "ShortCode"),))


def test_a_report_and_an_answer() -> None:
    report = read(
        envelope(
            "<DeliveryReportReq><MessageID>m1</MessageID><Recipient><Number>1</Number></Recipient>"
            "<Sender><Number>2</Number></Sender><MMStatus>Retrieved</MMStatus></DeliveryReportReq>"
        )
    )
    assert (report.kind, report.message_id) == ("DeliveryReportReq", "m1")
    assert (report.recipients, report.senders) == ((Address("1"),), (Address("2"),))
    answer = read(envelope("<SubmitRsp><Status><StatusCode>1000</StatusCode></Status></SubmitRsp>"))
    assert (answer.kind, answer.status_code) == ("SubmitRsp", "1000")


def test_all_senders_are_told() -> None:
    found = read(submit("", "<SenderAddress><Number>1</Number></SenderAddress><SenderAddress>2</SenderAddress>"))
    assert found.senders == (Address("1"), Address("2", ""))


def test_charsets() -> None:
    text = submit("<To><Number>1</Number></To>").replace("Your table", "자리").replace("?>", ' encoding="EUC-KR"?>')
    assert read_envelope(text.encode("euc-kr")).subject == "자리"
    assert read_envelope(text.encode("euc-kr"), "euc-kr").subject == "자리"
    plain = submit("<To><Number>1</Number></To>").replace("Your table", "자리")
    for octets in (plain.encode("utf-16"), plain.encode("utf-16-le"), plain.encode("utf-16-be"), plain.encode("utf-8")):
        assert read_envelope(octets).subject == "자리"
    assert read_envelope(plain.encode("utf-8-sig")).subject == "자리"
    assert read_envelope(b"\r\n\r\n" + plain.encode("utf-8")).subject == "자리"


REFUSED = {
    "no XML": "STOP",
    "no end": submit("")[:-5],
    "another root": "<Enve/>",
    "a DOCTYPE": '<!DOCTYPE s [<!ENTITY a "1">]>' + submit("<To><Number>1</Number></To>").partition("?>")[2],
    "an entity bomb": '<!DOCTYPE s [<!ENTITY a "1"><!ENTITY b "&a;&a;">]>' + submit("").partition("?>")[2],
    "an entity that nobody declared": submit("<To><Number>&a;</Number></To>"),
    "nesting": envelope("<a>" * 10_000 + "</a>" * 10_000),
    "nesting without an end": envelope("<a>" * 10_000),
    "an element in a number": submit("<To><Number>1555<i/>9870001</Number></To>"),
    "two messages": envelope("<SubmitReq/><SubmitReq/>"),
    "two bodies": envelope("<SubmitReq/></s:Body><s:Body>"),
    "no message": envelope(""),
    "two transactions": submit("").replace("</s:Header>", "<TransactionID>t2</TransactionID></s:Header>"),
    "two subjects": submit("").replace("<Subject>", "<Subject>a</Subject><Subject>"),
    "too long": submit(" " * MOST_OCTETS),
    "half a character": submit("<To><Number>&#xD800;</Number></To>"),
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_in_one_way_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeError):
        read(text)


@pytest.mark.parametrize(
    ("charset", "said"),
    [("x-nothing", "not known"), ("base64", "not known"), ("utf-16", "is"), ("utf-8\0", "not known")],
)
def test_charsets_that_are_none(charset: str, said: str) -> None:
    with pytest.raises(EnvelopeError, match=said):
        read(submit(""), charset)


def test_two_charsets_must_say_the_same() -> None:
    """Or else one of the two may hide elements from whoever reads the other."""
    text = submit("<To><Number>1</Number></To>+ADw-To+AD4-2+ADw-/To+AD4-").replace("=", "+AD0-")
    octets = text.encode().replace(b"+AD0-", b"=")
    with pytest.raises(EnvelopeError):
        read_envelope(octets, "utf-7")
    hidden = submit("<To><Number>1</Number></To>").replace("?>", ' encoding="iso-8859-1"?>')
    with pytest.raises(EnvelopeError, match="something else"):
        read_envelope(hidden.replace("svc1", "sv\xe41").encode("utf-8"), "utf-8")
    found = read_envelope(hidden.replace("table", "t\xe4ble").encode("utf-8"), "utf-8")
    assert (found.vasid, found.is_certain) == ("svc1", False)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode), st.sampled_from(["", "utf-8", "utf-16"]))
def test_no_octets_do_harm(octets: bytes, charset: str) -> None:
    for tried in (octets, envelope("").encode().replace(b"</s:Body>", octets + b"</s:Body>")):
        try:
            read_envelope(tried, charset)
        except EnvelopeError:
            continue


@pytest.mark.parametrize(
    ("address", "digits"),
    [
        (Address("+15559870001/TYPE=PLMN"), "+15559870001"),
        (Address("15559870001/type=plmn"), "15559870001"),
        (Address(" +1 (555) 987-0001 "), "+1 (555) 987-0001"),
        (Address("97254265781@OMMS.com", "RFC2822Address"), "97254265781"),
        (Address("+15559870001/TYPE=PLMN@mms.example", "RFC2822Address"), "+15559870001"),
        (Address("15559870001@mms.example/TYPE=PLMN", "RFC2822Address"), "15559870001"),
        (Address("ann@mms.example", "RFC2822Address"), ""),
        (Address("12345#", "ShortCode"), "12345"),
        (Address("tel:+15559870001", ""), "+15559870001"),
        (Address("15559870001", is_coded=True), ""),
        (Address("Pizza"), ""),
        (Address("+"), ""),
        (Address(""), ""),
    ],
)
def test_the_number_of_an_address(address: Address, digits: str) -> None:
    assert address.digits == digits


def test_what_an_address_is_compared_by() -> None:
    assert Address(" Ann@MMS.example ", "RFC2822Address").literal == "ann@mms.example"
    assert Address("xAbC==", is_coded=True).literal == "xAbC=="


@pytest.mark.parametrize(
    ("octets", "charset"),
    [
        (
            submit("<To><Number>+15559870001</Number></To>").replace("Your table", "R&B é").encode("latin-1"),
            "iso-8859-1",
        ),
        (submit("<To><Number>+15559870001</Number></To>").replace("Your table", "caf\u00e9").encode("latin-1"), ""),
        (submit("<To><Number>+15559870001</Number></To>").replace("Your table", "&#55357;&#56832;").encode(), ""),
        (submit("<To><Number>+15559870001</Number></To>").replace("?>", "?><!DOCTYPE x>", 1).encode(), ""),
        (submit("<To><Number>+15559870001</Number></To>").replace("Your table", "\x01").encode(), "x-unknown"),
    ],
)
def test_an_envelope_that_is_not_quite_one_is_guessed(octets: bytes, charset: str) -> None:
    with pytest.raises(EnvelopeError):
        read_envelope(octets, charset)
    found = guess_envelope(octets, charset)
    assert [address.text for address in found.recipients] == ["+15559870001"]
    assert not found.is_certain
    with pytest.raises(EnvelopeError):
        guess_envelope(octets[:-40], charset)
