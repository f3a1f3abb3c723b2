"""How the control API shows things as JSON."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from proxy.simulator.smsc.connection import Connection, Seen
from proxy.simulator.smsc.faults import Armed
from proxy.simulator.smsc.messages import FromHandset, Message, text_of
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.pdu import PduError
from proxy.smpp.text import Part

MESSAGES = ("submit_sm", "deliver_sm", "data_sm")


def from_handset(message: FromHandset) -> dict[str, Any]:
    """A message from a handset, with the status that it was answered with."""
    return {**message._asdict(), "part": part(message.part)}


def from_esme(message: Message) -> dict[str, Any]:
    """A message from an ESME, with its state and the receipts that were sent for it."""
    return {
        "number": message.number,
        "id": message.id,
        "state": message.state.name,
        "system_id": message.system_id,
        "source": message.source.digits.decode("latin-1"),
        "destination": message.destination.digits.decode("latin-1"),
        "text": message.text,
        "part": part(message.part),
        "submitted_at": message.submitted_at,
        "done_at": message.done_at,
        "receipts": message.receipts,
    }


def part(part: Part | None) -> dict[str, int] | None:
    """Which part of a longer message it is, None if it is whole."""
    return {"reference": part.reference, "total": part.total, "number": part.number} if part else None


def header(seen: Seen, smsc: Smsc) -> dict[str, Any]:
    """A PDU with its header read, whose session it was, from whom to whom with which text, and all of its octets."""
    _, _, status, sequence = pdu.HEADER.unpack_from(seen.frame)
    source = destination = text = ""
    if seen.command in MESSAGES:
        with suppress(PduError):
            source, destination = (address.digits.decode("latin-1") for address in seen.addresses())
            text = text_of(seen.frame)[0]
    return {
        "number": seen.number,
        "time": seen.time,
        "connection": seen.connection,
        "system_id": smsc.connections[seen.connection].system_id if seen.connection < len(smsc.connections) else "",
        "direction": seen.direction,
        "command": seen.command,
        "status": pdu.status_name(status),
        "sequence": sequence,
        "source": source,
        "destination": destination,
        "text": text,
        "hex": seen.frame.hex(),
    }


def whole(seen: Seen, smsc: Smsc) -> dict[str, Any]:
    """A PDU with everything in it read; ``fault`` says why it can't be."""
    return {**header(seen, smsc), **_body(seen.frame)}


def fault(armed: Armed) -> dict[str, Any]:
    """A fault that is set, and how many requests it has met."""
    return {"number": armed.number, "met": armed.met, **armed.fault.model_dump()}


def connection(connection: Connection) -> dict[str, Any]:
    """A connection: who is bound over it, as what, and since when it is there."""
    return {
        "number": connection.number,
        "system_id": connection.system_id,
        "bind": connection.bind,
        "peer": connection.peer,
        "version": f"0x{connection.version:02X}",
        "began_at": connection.began_at,
    }


def _body(frame: bytes) -> dict[str, Any]:
    try:
        parsed = pdus.read(frame)
    except PduError as error:
        return {"fields": {}, "tlvs": [], "fault": str(error)}
    return {
        "fields": {name: _value(value) for name, value in parsed.fields.items()},
        "tlvs": [{"tag": f"0x{tlv.tag:04X}", "hex": tlv.value.hex()} for tlv in parsed.tlvs],
        "fault": "",
    }


def _value(value: Any) -> Any:
    """A field's value: octets as text where they can be printed, else in hexadecimal."""
    if isinstance(value, bytes):
        text = value.decode("latin-1")
        return text if text.isprintable() else value.hex(" ")
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    return value
