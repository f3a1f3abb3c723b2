"""Every PDU by its table of mandatory parameters: read strictly into values, and written from them.

For the simulator, load and tests, which make PDUs and judge those of others; the relay uses the lenient views of
``proxy.smpp.pdu`` instead. Layouts: SMPP 3.4 chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from struct import Struct
from typing import Any, Literal, NamedTuple

from proxy.smpp import pdu
from proxy.smpp.frames import HEADER_SIZE
from proxy.smpp.message import Tlv
from proxy.smpp.pdu import COMMANDS, HEADER, RESPONSE, Address, PduError, c_string_end, command_name

Kind = Literal["octet", "long", "string", "text", "destinations", "unsuccessful"]
"""An octet, four octets, a C-octet string, octets behind their count, and the two lists of submit_multi."""


class Field(NamedTuple):
    """One mandatory parameter; ``size`` is the most octets of a string, its NUL included."""

    name: str
    kind: Kind
    size: int = 0


Values = dict[str, Any]
"""The parameters of one PDU by name: int for numbers, bytes for strings and text, lists for lists."""


class Parsed(NamedTuple):
    """A PDU in its parts. A response without a body has no ``fields``."""

    command_id: int
    status: int
    sequence: int
    fields: Values
    tlvs: tuple[Tlv, ...]

    @property
    def name(self) -> str:
        """The specification's name of the command."""
        return command_name(self.command_id)

    def tlv(self, tag: int) -> bytes | None:
        """The value of the first TLV with this tag."""
        return next((value for found, value in self.tlvs if found == tag), None)

    def address(self, of: Literal["source", "dest"]) -> Address:
        """The source or destination address of a message."""
        name = "source_addr" if of == "source" else "destination_addr"
        return Address(self.fields[f"{of}_addr_ton"], self.fields[f"{of}_addr_npi"], self.fields[name])


def _octets(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, "octet") for name in names)


def _address(prefix: str, name: str, size: int) -> tuple[Field, ...]:
    return (*_octets(f"{prefix}_ton", f"{prefix}_npi"), Field(name, "string", size))


_SERVICE = Field("service_type", "string", 6)
_ID = Field("message_id", "string", 65)
_SOURCE = _address("source_addr", "source_addr", 21)
_DESTINATION = _address("dest_addr", "destination_addr", 21)
_TIMES = (Field("schedule_delivery_time", "string", 17), Field("validity_period", "string", 17))
_FLAGS = _octets("registered_delivery", "replace_if_present_flag", "data_coding", "sm_default_msg_id")
_TEXT = Field("short_message", "text", 254)
_MESSAGE = (*_octets("esm_class", "protocol_id", "priority_flag"), *_TIMES, *_FLAGS, _TEXT)
_BIND = (
    Field("system_id", "string", 16),
    Field("password", "string", 9),
    Field("system_type", "string", 13),
    *_octets("interface_version", "addr_ton", "addr_npi"),
    Field("address_range", "string", 41),
)
_LONG_SOURCE, _LONG_DESTINATION = (
    _address("source_addr", "source_addr", 65),
    _address("dest_addr", "destination_addr", 65),
)

LAYOUTS: dict[str, tuple[Field, ...]] = {
    "bind_receiver": _BIND,
    "bind_transmitter": _BIND,
    "bind_transceiver": _BIND,
    "bind_receiver_resp": (Field("system_id", "string", 16),),
    "bind_transmitter_resp": (Field("system_id", "string", 16),),
    "bind_transceiver_resp": (Field("system_id", "string", 16),),
    "outbind": (Field("system_id", "string", 16), Field("password", "string", 9)),
    "unbind": (),
    "unbind_resp": (),
    "generic_nack": (),
    "enquire_link": (),
    "enquire_link_resp": (),
    "submit_sm": (_SERVICE, *_SOURCE, *_DESTINATION, *_MESSAGE),
    "submit_sm_resp": (_ID,),
    "deliver_sm": (_SERVICE, *_SOURCE, *_DESTINATION, *_MESSAGE),
    "deliver_sm_resp": (_ID,),
    "data_sm": (
        _SERVICE,
        *_LONG_SOURCE,
        *_LONG_DESTINATION,
        *_octets("esm_class", "registered_delivery", "data_coding"),
    ),
    "data_sm_resp": (_ID,),
    "submit_multi": (_SERVICE, *_SOURCE, Field("dest_address", "destinations"), *_MESSAGE),
    "submit_multi_resp": (_ID, Field("unsuccess_sme", "unsuccessful")),
    "query_sm": (_ID, *_SOURCE),
    "query_sm_resp": (_ID, Field("final_date", "string", 17), *_octets("message_state", "error_code")),
    "cancel_sm": (_SERVICE, _ID, *_SOURCE, *_DESTINATION),
    "cancel_sm_resp": (),
    "replace_sm": (_ID, *_SOURCE, *_TIMES, *_octets("registered_delivery", "sm_default_msg_id"), _TEXT),
    "replace_sm_resp": (),
    "alert_notification": (*_LONG_SOURCE, *_address("esme_addr", "esme_addr", 65)),
}
"""Mandatory parameters by command, in their order."""

_TLV_HEADER = Struct(">HH")
_LONG = Struct(">L")


def read(frame: bytes) -> Parsed:
    """A whole PDU; raises ``PduError`` that names the parameter which is not as the specification says.

    A command without a layout has no fields, and everything behind its header is taken for TLVs.
    """
    _, command_id, status, sequence = HEADER.unpack_from(frame)
    layout = LAYOUTS.get(command_name(command_id), ())
    position = HEADER_SIZE
    if len(frame) == HEADER_SIZE and command_id & RESPONSE:
        return Parsed(command_id, status, sequence, {}, ())
    fields: Values = {}
    for field in layout:
        fields[field.name], position = _read(frame, position, field)
    return Parsed(command_id, status, sequence, fields, tuple(_read_tlvs(frame, position)))


def write(
    command: str,
    fields: Mapping[str, Any] | None = None,
    tlvs: Iterable[Tlv] = (),
    *,
    status: int = 0,
    sequence: int = 1,
) -> bytes:
    """A PDU from its parameters; those that are not given are 0 or empty. Sizes are not checked.

    Raises ``KeyError`` for a command or parameter that there isn't.
    """
    layout, given = LAYOUTS[command], dict(fields or {})
    body = b"".join(_write(field, given.pop(field.name, None)) for field in layout)
    if given:
        raise KeyError(f"{command} has no parameter {', '.join(given)}")
    body += b"".join(_TLV_HEADER.pack(tag, len(value)) + value for tag, value in tlvs)
    return HEADER.pack(HEADER_SIZE + len(body), COMMANDS[command], status, sequence) + body


def _read(frame: bytes, position: int, field: Field) -> tuple[Any, int]:
    match field.kind:
        case "octet":
            return _octet(frame, position, field.name), position + 1
        case "long":
            if position + 4 > len(frame):
                raise PduError(field.name, "the PDU ends before it")
            return _LONG.unpack_from(frame, position)[0], position + 4
        case "string":
            stop = c_string_end(frame, position, len(frame), field.name)
            if stop - position >= field.size:
                raise PduError(field.name, f"has {stop - position} octets and may have {field.size - 1}")
            return frame[position:stop], stop + 1
        case "text":
            size = _octet(frame, position, "sm_length")
            if size > field.size:
                raise PduError("sm_length", f"{size} is more than {field.size}")
            if position + 1 + size > len(frame):
                raise PduError(field.name, "the PDU ends within it")
            return frame[position + 1 : position + 1 + size], position + 1 + size
        case "destinations":
            return _read_destinations(frame, position)
        case "unsuccessful":
            return _read_unsuccessful(frame, position)


def _read_destinations(frame: bytes, position: int) -> tuple[list[Address | bytes], int]:
    count, position = _octet(frame, position, "number_of_dests"), position + 1
    found: list[Address | bytes] = []
    for _ in range(count):
        flag, position = _octet(frame, position, "dest_flag"), position + 1
        if flag == 1:
            address, position = pdu.read_address(frame, position, len(frame), "destination_addr")
            found.append(address)
        elif flag == 2:
            stop = c_string_end(frame, position, len(frame), "dl_name")
            found.append(frame[position:stop])
            position = stop + 1
        else:
            raise PduError("dest_flag", f"{flag} is neither 1 nor 2")
    return found, position


def _read_unsuccessful(frame: bytes, position: int) -> tuple[list[tuple[Address, int]], int]:
    count, position = _octet(frame, position, "no_unsuccess"), position + 1
    found: list[tuple[Address, int]] = []
    for _ in range(count):
        address, position = pdu.read_address(frame, position, len(frame), "unsuccess_sme")
        status, position = _read(frame, position, Field("error_status_code", "long"))
        found.append((address, status))
    return found, position


def _octet(frame: bytes, position: int, name: str) -> int:
    if position >= len(frame):
        raise PduError(name, "the PDU ends before it")
    return frame[position]


def _read_tlvs(frame: bytes, position: int) -> Iterable[Tlv]:
    while position < len(frame):
        if position + _TLV_HEADER.size > len(frame):
            raise PduError("TLV", f"{len(frame) - position} octets are left, too few for a tag and a length")
        tag, size = _TLV_HEADER.unpack_from(frame, position)
        position += _TLV_HEADER.size
        if position + size > len(frame):
            raise PduError(f"TLV 0x{tag:04X}", f"its length {size} reaches beyond the PDU")
        yield Tlv(tag, frame[position : position + size])
        position += size


def _write(field: Field, value: Any) -> bytes:
    match field.kind:
        case "octet":
            return bytes((value or 0,))
        case "long":
            return _LONG.pack(value or 0)
        case "string":
            return _raw(value) + b"\0"
        case "text":
            text = _raw(value)
            return bytes((len(text),)) + text
        case "destinations":
            return _write_destinations(value or ())
        case "unsuccessful":
            entries = [_write_address(address) + _LONG.pack(status) for address, status in value or ()]
            return bytes((len(entries),)) + b"".join(entries)


def _write_destinations(destinations: Sequence[Address | bytes]) -> bytes:
    entries = [b"\1" + _write_address(d) if isinstance(d, Address) else b"\2" + d + b"\0" for d in destinations]
    return bytes((len(entries),)) + b"".join(entries)


def _write_address(address: Address) -> bytes:
    return bytes((address.ton, address.npi)) + address.digits + b"\0"


def _raw(value: str | bytes | None) -> bytes:
    return value.encode("latin-1") if isinstance(value, str) else value or b""
