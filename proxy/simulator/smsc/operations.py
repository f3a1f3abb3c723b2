"""What the simulated SMSC answers to each request, by the specification: SMPP 3.4, chapters 2 and 4."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

import trio

from proxy.simulator.smsc.accounts import Accounts
from proxy.simulator.smsc.connection import Bind, Connection
from proxy.simulator.smsc.faults import Faults
from proxy.simulator.smsc.messages import Message, State, new_id, read_time, text_of, text_of_multi, write_time
from proxy.smpp import fields as pdus
from proxy.smpp import pdu
from proxy.smpp.fields import Parsed
from proxy.smpp.message import TAG_MESSAGE_PAYLOAD, Tlv
from proxy.smpp.pdu import STATUSES, Address, PduError

SYSTEM_ID = "simulator"
TAG_SC_INTERFACE_VERSION = 0x0210
VENDOR_TAGS = range(0x1400, 0x4000)

_BINDS: dict[str, Bind] = {
    "bind_transmitter": "transmitter",
    "bind_receiver": "receiver",
    "bind_transceiver": "transceiver",
}
_TRANSMITTERS_ONLY = frozenset(("submit_sm", "submit_multi", "query_sm", "cancel_sm", "replace_sm"))
_KNOWN = frozenset((*_BINDS, *_TRANSMITTERS_ONLY, "data_sm", "unbind", "enquire_link"))


class Refused(Exception):
    """The request is answered with this status."""

    def __init__(self, status: str) -> None:
        self.status = STATUSES[status]
        super().__init__(status)


class Centre(Protocol):
    """What the operations need of the SMSC that they belong to."""

    @property
    def stored(self) -> Mapping[str, Message]:
        """Messages by their message_id."""

    def accept(self, message: Message, connection: int) -> None:
        """Store a new message that came over this connection, and start to do with it what the scenario says."""

    def binds(self, system_id: str) -> int:
        """How many binds an account has now."""

    async def deliver_waiting(self, connection: Connection) -> None:
        """Start to deliver the reports that waited for a receiver of this connection's account."""


class Operations:
    """Answers the requests of all connections of one SMSC."""

    def __init__(self, accounts: Accounts, faults: Faults, centre: Centre) -> None:
        self._accounts = accounts
        self._faults = faults
        self._centre = centre

    async def serve(self, connection: Connection, frame: bytes, nursery: trio.Nursery) -> None:
        """Answer one request, unless a fault has it otherwise."""
        _, command_id, _, sequence = pdu.HEADER.unpack_from(frame)
        name = pdu.command_name(command_id)
        if name not in _KNOWN:
            if command_id not in pdu.UNANSWERED:
                await connection.send(pdu.header_only(pdu.GENERIC_NACK, STATUSES["ESME_RINVCMDID"], sequence))
            return
        try:
            request = pdus.read(frame)
        except PduError as error:
            await connection.send(pdu.refusal(command_id, _status_of(error), sequence))
            return
        fault = self._faults.for_request(request, connection.system_id, time.monotonic())
        if fault is not None and fault.action in ("status", "throttle", "queue_full"):
            answer = b""
        else:
            answer = self._answer(connection, request, frame)
        await connection.answer(request, answer, fault, nursery)
        is_ok = answer[8:12] == bytes(4)
        if name in _BINDS and fault is None and is_ok and connection.can_receive:
            await self._centre.deliver_waiting(connection)
        if name == "unbind" and fault is None and is_ok:
            await connection.close()

    def _answer(self, connection: Connection, request: Parsed, frame: bytes) -> bytes:
        """The response, as it should be."""
        try:
            name = request.name
            if name in _BINDS:
                fields, tlvs = self._bind(connection, request)
            elif name == "enquire_link":
                fields, tlvs = {}, ()
            elif not connection.bind:
                raise Refused("ESME_RINVBNDSTS")
            elif name == "unbind":
                connection.bind = ""
                fields, tlvs = {}, ()
            elif name in _TRANSMITTERS_ONLY and not connection.can_send:
                raise Refused("ESME_RINVBNDSTS")
            else:
                fields, tlvs = getattr(self, f"_{name}")(connection, request, frame)
        except Refused as refused:
            return pdu.refusal(request.command_id, refused.status, request.sequence)
        return pdus.write(f"{request.name}_resp", fields, tlvs, sequence=request.sequence)

    def _bind(self, connection: Connection, request: Parsed) -> tuple[dict[str, Any], tuple[Tlv, ...]]:
        if connection.bind:
            raise Refused("ESME_RALYBND")
        system_id, password = (request.fields[name].decode("latin-1") for name in ("system_id", "password"))
        status = self._accounts.refuse(system_id, password, self._centre.binds(system_id))
        if status is not None:
            raise Refused(pdu.STATUS_NAMES[status])
        connection.bind, connection.system_id = _BINDS[request.name], system_id
        connection.address_range = request.fields["address_range"].decode("latin-1")
        connection.version = version = request.fields["interface_version"]
        tlvs = (Tlv(TAG_SC_INTERFACE_VERSION, bytes((0x50 if version >= 0x50 else 0x34,))),) if version >= 0x34 else ()
        return {"system_id": SYSTEM_ID}, tlvs

    def _submit_sm(self, connection: Connection, request: Parsed, frame: bytes) -> Any:
        fields = request.fields
        if request.tlv(TAG_MESSAGE_PAYLOAD) is not None and fields["short_message"]:
            raise Refused("ESME_RINVMSGLEN")
        text, part = text_of(frame)
        replaced = self._to_replace(connection, request) if fields["replace_if_present_flag"] else None
        if replaced is not None:
            replaced.text, replaced.frame = text, frame
            return {"message_id": replaced.id}, self._echo(request)
        destination = request.address("dest")
        message = self._message(connection, request, frame, destination, text, part)
        self._centre.accept(message, connection.number)
        return {"message_id": message.id}, self._echo(request)

    def _data_sm(self, connection: Connection, request: Parsed, frame: bytes) -> Any:
        text, part = text_of(frame)
        message = self._message(connection, request, frame, request.address("dest"), text, part)
        self._centre.accept(message, connection.number)
        return {"message_id": message.id}, self._echo(request)

    def _submit_multi(self, connection: Connection, request: Parsed, frame: bytes) -> Any:
        text, part = text_of_multi(request)
        destinations = request.fields["dest_address"]
        if not destinations:
            raise Refused("ESME_RINVNUMDESTS")
        failed: list[tuple[Address, int]] = []
        first = ""
        for destination in destinations:
            if isinstance(destination, Address) and destination.digits:
                message = self._message(connection, request, frame, destination, text, part)
                first = first or message.id
                self._centre.accept(message, connection.number)
            else:
                status = "ESME_RINVDSTADR" if isinstance(destination, Address) else "ESME_RINVDLNAME"
                address = destination if isinstance(destination, Address) else Address(0, 0, destination)
                failed.append((address, STATUSES[status]))
        return {"message_id": first, "unsuccess_sme": failed}, ()

    def _query_sm(self, connection: Connection, request: Parsed, _frame: bytes) -> Any:
        message = self._found(connection, request, "ESME_RQUERYFAIL")
        return {
            "message_id": message.id,
            "final_date": write_time(message.done_at) if message.is_final else b"",
            "message_state": message.state,
            "error_code": message.error,
        }, ()

    def _cancel_sm(self, connection: Connection, request: Parsed, _frame: bytes) -> Any:
        if request.fields["message_id"]:
            messages = [self._found(connection, request, "ESME_RCANCELFAIL")]
        else:
            messages = self._pending(connection, request)
        if not messages or all(message.is_final for message in messages):
            raise Refused("ESME_RCANCELFAIL")
        for message in messages:
            message.state, message.done_at = State.DELETED, time.time()
        return {}, ()

    def _replace_sm(self, connection: Connection, request: Parsed, _frame: bytes) -> Any:
        message = self._found(connection, request, "ESME_RREPLACEFAIL")
        if message.is_final:
            raise Refused("ESME_RREPLACEFAIL")
        message.text = request.fields["short_message"].decode("latin-1")
        message.registered_delivery = request.fields["registered_delivery"]
        now = time.time()
        _, message.expires_at = _times(request, now)
        return {}, ()

    def _message(
        self, connection: Connection, request: Parsed, frame: bytes, destination: Address, text: str, part: Any
    ) -> Message:
        """A new message from a request; raises ``Refused`` for what the specification forbids."""
        if not destination.digits:
            raise Refused("ESME_RINVDSTADR")
        now = time.time()
        deliver_at, expires_at = _times(request, now)
        return Message(
            new_id(), connection.system_id, request.address("source"), destination, frame, text, part,
            request.fields["registered_delivery"], now, deliver_at, expires_at,
        )  # fmt: skip

    def _found(self, connection: Connection, request: Parsed, otherwise: str) -> Message:
        """The message that a request names by its message_id, of the same account and source."""
        message = self._centre.stored.get(request.fields["message_id"].decode("latin-1"))
        if message is None or message.system_id != connection.system_id:
            raise Refused("ESME_RINVMSGID" if message is None else otherwise)
        if message.source.digits != request.fields["source_addr"]:
            raise Refused(otherwise)
        return message

    def _pending(self, connection: Connection, request: Parsed) -> list[Message]:
        fields = request.fields
        return [
            message
            for message in self._centre.stored.values()
            if message.system_id == connection.system_id
            and not message.is_final
            and message.source.digits == fields["source_addr"]
            and message.destination.digits == fields["destination_addr"]
        ]

    def _to_replace(self, connection: Connection, request: Parsed) -> Message | None:
        return next(iter(self._pending(connection, request)), None)

    def _echo(self, request: Parsed) -> tuple[Tlv, ...]:
        """Vendors' own TLVs come back in the answer."""
        return tuple(tlv for tlv in request.tlvs if tlv.tag in VENDOR_TAGS)


def _times(request: Parsed, now: float) -> tuple[float, float | None]:
    """When a message is to be delivered, and when it expires."""
    try:
        schedule = read_time(request.fields.get("schedule_delivery_time", b""), now)
    except ValueError:
        raise Refused("ESME_RINVSCHED") from None
    try:
        expiry = read_time(request.fields.get("validity_period", b""), now)
    except ValueError:
        raise Refused("ESME_RINVEXPIRY") from None
    return (now if schedule is None else schedule), expiry


_FIELD_STATUSES = {
    "service_type": "ESME_RINVSERTYP",
    "source_addr": "ESME_RINVSRCADR",
    "destination_addr": "ESME_RINVDSTADR",
    "sm_length": "ESME_RINVMSGLEN",
    "short_message": "ESME_RINVMSGLEN",
    "schedule_delivery_time": "ESME_RINVSCHED",
    "validity_period": "ESME_RINVEXPIRY",
    "number_of_dests": "ESME_RINVNUMDESTS",
    "dest_flag": "ESME_RINVDESTFLAG",
    "system_id": "ESME_RINVSYSID",
    "password": "ESME_RINVPASWD",
    "message_id": "ESME_RINVMSGID",
}


def _status_of(error: PduError) -> int:
    """The status that answers a PDU with a field that can't be read."""
    if error.field.startswith("TLV"):
        return STATUSES["ESME_RINVPARLEN"]
    return STATUSES[_FIELD_STATUSES.get(error.field, "ESME_RINVCMDLEN")]
