"""What a handset sends, and the PDUs that carry it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from proxy.smpp import write
from proxy.smpp.encode import Coding, encode
from proxy.smpp.message import TAG_MESSAGE_PAYLOAD, UDHI, Tlv
from proxy.smpp.pdu import Address


class MobileOriginated(BaseModel):
    """A message from a handset. ``hex`` is the short_message as octets, instead of ``text``.

    ``fields`` are further parameters of the deliver_sm by their names in the specification, ``payload`` puts the
    text into message_payload.
    """

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, max_length=20)
    destination: str = Field(min_length=1, max_length=20)
    system_id: str = ""
    """Who is to get it; empty for whoever uses that number."""
    text: str = ""
    coding: Coding = "auto"
    hex: str = ""
    payload: bool = False
    fields: dict[str, int | str] = {}
    tlvs: list[tuple[int, str]] = []
    """Optional parameters: tag, and the value in hexadecimal."""


def address(number: str) -> Address:
    """A number as a handset's or a business's: international with a ``+`` or from ten digits on, else as it is."""
    digits = number.removeprefix("+")
    if digits.isdigit():
        return write.address(digits, ton=1 if len(digits) >= 10 else 0)
    return write.address(number, ton=5, npi=0)


def parts(wanted: MobileOriginated, reference: int) -> list[tuple[bytes, int, int, list[Tlv]]]:
    """The short_message, esm_class, data_coding and TLVs of each PDU; raises ``ValueError``.

    ``reference`` is the number that the parts of a long text have in common.
    """
    tlvs = [Tlv(tag, _octets("tlvs", value)) for tag, value in wanted.tlvs]
    if wanted.hex:
        octets = _octets("hex", wanted.hex)
        if len(octets) > 255:
            raise ValueError("hex has more than 255 octets")
        return [(octets, 0, 0, tlvs)]
    if wanted.payload:
        data_coding, payload = _in_one_piece(wanted.text, wanted.coding)
        return [(b"", 0, data_coding, [Tlv(TAG_MESSAGE_PAYLOAD, payload), *tlvs])]
    encoded = encode(wanted.text, wanted.coding, reference=reference)
    esm_class = UDHI if encoded.has_header else 0
    return [(part, esm_class, encoded.data_coding, tlvs) for part in encoded.parts]


def _octets(name: str, text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ValueError(f"{name}: must be hexadecimal, two digits an octet; it is {text[:40]!r}") from None


def _in_one_piece(text: str, coding: Coding) -> tuple[int, bytes]:
    """The data_coding and the octets of a text that is not cut into parts."""
    if coding == "auto":
        coding = "gsm" if text.isascii() else "ucs2"
    pieces = [encode(character, coding) for character in text]
    return (pieces[0].data_coding if pieces else 0), b"".join(piece.parts[0] for piece in pieces)
