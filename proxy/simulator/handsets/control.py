"""The control API of the simulator, and the page with its handsets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Literal

import trio
from fastapi import FastAPI, HTTPException, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from proxy.net.http import serve as serve_http
from proxy.simulator.smsc.connection import Connection, Lost, Seen
from proxy.simulator.smsc.faults import Armed, Fault
from proxy.simulator.smsc.messages import Message
from proxy.simulator.smsc.scenario import Scenario
from proxy.simulator.smsc.smsc import Smsc
from proxy.smpp import fields as pdus
from proxy.smpp import pdu, write
from proxy.smpp.encode import Coding, encode
from proxy.smpp.pdu import TAG_MESSAGE_PAYLOAD, UDHI, PduError, Tlv
from proxy.smpp.text import Part

PAGE = Path(__file__).parent / "page"

ANSWER_TIMEOUT = 10.0
"""Seconds that an ESME is given to answer a deliver_sm before the API says that it didn't."""

Wait = Annotated[float, Query(ge=0, le=60, description="Seconds to wait for what there isn't yet.")]
After = Annotated[int, Query(ge=0, description="Only what has a greater number.")]
Limit = Annotated[int, Query(ge=1, le=5000)]


class MobileOriginated(BaseModel):
    """A message from a handset. ``hex`` is the short_message as octets, instead of ``text``.

    ``fields`` are further parameters of the deliver_sm by their names in the specification, ``payload`` puts the
    text into message_payload.
    """

    model_config = ConfigDict(extra="forbid")

    source: str = Field(min_length=1, max_length=20)
    destination: str = Field(min_length=1, max_length=20)
    text: str = ""
    coding: Coding = "auto"
    hex: str = ""
    payload: bool = False
    fields: dict[str, int | str] = {}
    tlvs: list[tuple[int, str]] = []
    """Optional parameters: tag, and the value in hexadecimal."""


class Raw(BaseModel):
    """Octets to send over a connection as they are."""

    model_config = ConfigDict(extra="forbid")

    hex: str


class Outbind(BaseModel):
    """Where an ESME listens for an outbind."""

    model_config = ConfigDict(extra="forbid")

    host: str
    port: int
    system_id: str = "smsc"
    password: str = ""


def application(smsc: Smsc) -> FastAPI:
    """The routes."""
    app = FastAPI(title="SMPP simulator", docs_url="/docs", redoc_url=None)
    references = count(1)

    def connection_of(number: int) -> Connection:
        if not 0 <= number < len(smsc.connections) or smsc.connections[number].is_over:
            raise HTTPException(404, "there is no such connection, or it is over")
        return smsc.connections[number]

    async def waited(find: Callable[[], list[Any]], wait: float) -> list[Any]:
        with trio.move_on_after(wait):
            await smsc.wait_for(lambda _: bool(find()))
        return find()

    @app.post("/v1/mo")
    async def send_mo(wanted: MobileOriginated) -> dict[str, Any]:
        """Send a message from a handset over a bound receiver; says how each part was answered."""
        try:
            parts = _parts(wanted, next(references))
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        statuses: list[str] = []
        source, destination = _address(wanted.source), _address(wanted.destination)
        for octets, esm_class, data_coding, tlvs in parts:
            extra = {"esm_class": esm_class, "data_coding": data_coding, **wanted.fields}
            try:
                with trio.fail_after(ANSWER_TIMEOUT):
                    status = await smsc.deliver(source, destination, octets, parameters=tlvs, fields=extra)
            except LookupError as error:
                raise HTTPException(409, str(error)) from None
            except (Lost, trio.TooSlowError):
                raise HTTPException(504, "the ESME did not answer the deliver_sm") from None
            except KeyError as error:
                raise HTTPException(422, str(error)) from None
            statuses.append(pdu.status_name(status))
        return {"statuses": statuses}

    @app.get("/v1/mo")
    async def list_mo(after: After = 0, wait: Wait = 0, limit: Limit = 500) -> dict[str, Any]:
        """Messages from handsets, oldest first."""
        found = await waited(lambda: [each for each in smsc.from_handsets if each.number > after][-limit:], wait)
        return {"messages": [{**each._asdict(), "part": _part(each.part)} for each in found]}

    @app.get("/v1/messages")
    async def list_messages(
        after: After = 0,
        wait: Wait = 0,
        limit: Limit = 500,
        source: str = "",
        destination: str = "",
        text: str = "",
        state: str = "",
    ) -> dict[str, Any]:
        """Messages from ESMEs, oldest first, that have these addresses and hold this text."""

        def find() -> list[Message]:
            return [
                message
                for message in smsc.stored.values()
                if message.number > after
                and source in ("", message.source.digits.decode("latin-1"))
                and destination in ("", message.destination.digits.decode("latin-1"))
                and text in message.text
                and state in ("", message.state.name)
            ][-limit:]

        return {"messages": [_message(message) for message in await waited(find, wait)]}

    @app.get("/v1/pdus")
    async def list_pdus(
        after: After = 0, wait: Wait = 0, limit: Limit = 500, command: str = "", connection: int = -1
    ) -> dict[str, Any]:
        """Every PDU, both ways, as it was."""

        def find() -> list[Seen]:
            newer = []
            for seen in reversed(smsc.pdus):
                if seen.number <= after:
                    break
                if command in ("", seen.command) and connection in (-1, seen.connection):
                    newer.append(seen)
            return newer[:limit][::-1]

        return {"pdus": [_pdu(seen) for seen in await waited(find, wait)]}

    @app.get("/v1/pdus/{number}")
    async def get_pdu(number: int) -> dict[str, Any]:
        """One PDU, taken apart."""
        seen = next((seen for seen in smsc.pdus if seen.number == number), None)
        if seen is None:
            raise HTTPException(404, "there is no such PDU, or it is too long ago")
        return {**_pdu(seen), **_dissected(seen.frame)}

    @app.get("/v1/faults")
    async def list_faults() -> dict[str, Any]:
        """The faults that are set, and how many requests each has met."""
        return {"faults": [_fault(armed) for armed in smsc.faults.armed]}

    @app.post("/v1/faults", status_code=201)
    async def set_fault(fault: Fault) -> dict[str, Any]:
        """Set one more fault."""
        return _fault(smsc.faults.set(fault, time.monotonic()))

    @app.delete("/v1/faults")
    async def clear_faults() -> dict[str, Any]:
        """Take all faults away."""
        smsc.faults.clear()
        return {"faults": []}

    @app.delete("/v1/faults/{number}")
    async def remove_fault(number: int) -> dict[str, Any]:
        """Take one fault away."""
        if not smsc.faults.remove(number):
            raise HTTPException(404, "there is no such fault")
        return await list_faults()

    @app.put("/v1/scenario")
    async def play(scenario: Scenario) -> dict[str, Any]:
        """Have these accounts, outcomes and faults, and no others."""
        smsc.play(scenario)
        return await list_faults()

    @app.post("/v1/reset")
    async def reset() -> dict[str, Any]:
        """Close all connections, forget all messages and PDUs, begin the scenario anew."""
        await smsc.reset()
        return {}

    @app.get("/v1/connections")
    async def list_connections() -> dict[str, Any]:
        """The connections that are open."""
        return {"connections": [_connection(each) for each in smsc.connections if not each.is_over]}

    @app.post("/v1/connections/{number}/raw")
    async def send_raw(number: int, raw: Raw) -> dict[str, Any]:
        """Send octets as they are."""
        try:
            octets = bytes.fromhex(raw.hex)
        except ValueError:
            raise HTTPException(422, "hex holds something that is no hexadecimal") from None
        await connection_of(number).send(octets)
        return {"octets": len(octets)}

    @app.post("/v1/connections/{number}/{action}")
    async def act(
        number: int, action: Literal["unbind", "enquire_link", "close", "reset", "alert_notification"]
    ) -> dict[str, Any]:
        """Unbind, ask whether it lives, close, reset, or send an alert_notification."""
        connection = connection_of(number)
        try:
            with trio.fail_after(ANSWER_TIMEOUT):
                if action == "close":
                    await connection.close()
                elif action == "reset":
                    connection.reset()
                elif action == "unbind":
                    await connection.unbind()
                elif action == "alert_notification":
                    await connection.notify(action, {"source_addr": b"15559870001", "esme_addr": b"15551230001"})
                else:
                    return {"status": pdu.status_name((await connection.request(action)).status)}
        except (Lost, trio.TooSlowError):
            raise HTTPException(504, f"the ESME did not answer the {action}") from None
        return {}

    @app.post("/v1/outbind")
    async def outbind(wanted: Outbind) -> dict[str, Any]:
        """Connect to an ESME and ask it to bind as receiver."""
        try:
            made = await smsc.outbind(wanted.host, wanted.port, wanted.system_id, wanted.password)
        except OSError as error:
            raise HTTPException(502, f"{wanted.host}:{wanted.port}: {error}") from None
        return _connection(made)

    for name in ("page.js", "page.css", "icon.svg"):
        app.get(f"/{name}", include_in_schema=False)(_file(name))
    app.get("/", include_in_schema=False)(_file("index.html"))
    return app


async def serve(
    smsc: Smsc, host: str, port: int, task_status: trio.TaskStatus[tuple[str, int]] = trio.TASK_STATUS_IGNORED
) -> None:
    """Serve until cancelled; the address that it really listens on is the task's value. Raises ``OSError``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        listener.setblocking(False)
        bound_host, bound_port = listener.getsockname()[:2]
        task_status.started((bound_host, bound_port))
        await serve_http(application(smsc), listener)


def _file(name: str) -> Callable[[], Any]:
    async def send() -> FileResponse:
        return FileResponse(PAGE / name, headers={"Cache-Control": "no-store"})

    return send


def _address(number: str) -> pdu.Address:
    """A number as a handset's or a business's: international with a ``+`` or from ten digits on, else as it is."""
    digits = number.removeprefix("+")
    if digits.isdigit():
        return write.address(digits, ton=1 if len(digits) >= 10 else 0)
    return write.address(number, ton=5, npi=0)


def _parts(wanted: MobileOriginated, reference: int) -> list[tuple[bytes, int, int, list[Tlv]]]:
    """short_message, esm_class, data_coding and TLVs of each PDU; raises ``ValueError``."""
    tlvs = [Tlv(tag, bytes.fromhex(value)) for tag, value in wanted.tlvs]
    if wanted.hex:
        octets = bytes.fromhex(wanted.hex)
        if len(octets) > 255:
            raise ValueError("hex has more than 255 octets")
        return [(octets, 0, 0, tlvs)]
    if wanted.payload:
        whole = wanted.text
        coding: Coding = "gsm" if wanted.coding == "auto" and whole.isascii() else wanted.coding
        pieces = [encode(character, "ucs2" if coding == "auto" else coding) for character in whole]
        data_coding = pieces[0].data_coding if pieces else 0
        payload = b"".join(piece.parts[0] for piece in pieces)
        return [(b"", 0, data_coding, [Tlv(TAG_MESSAGE_PAYLOAD, payload), *tlvs])]
    encoded = encode(wanted.text, wanted.coding, reference=reference)
    esm_class = UDHI if encoded.has_header else 0
    return [(part, esm_class, encoded.data_coding, tlvs) for part in encoded.parts]


def _message(message: Message) -> dict[str, Any]:
    return {
        "number": message.number,
        "id": message.id,
        "state": message.state.name,
        "system_id": message.system_id,
        "source": message.source.digits.decode("latin-1"),
        "destination": message.destination.digits.decode("latin-1"),
        "text": message.text,
        "part": _part(message.part),
        "submitted_at": message.submitted_at,
        "done_at": message.done_at,
        "receipts": message.receipts,
    }


def _part(part: Part | None) -> dict[str, int] | None:
    return {"reference": part.reference, "total": part.total, "number": part.number} if part else None


def _pdu(seen: Seen) -> dict[str, Any]:
    _, _, status, sequence = pdu.HEADER.unpack_from(seen.frame)
    return {
        "number": seen.number,
        "time": seen.time,
        "connection": seen.connection,
        "direction": seen.direction,
        "command": seen.command,
        "status": pdu.status_name(status),
        "sequence": sequence,
        "hex": seen.frame.hex(),
    }


def _dissected(frame: bytes) -> dict[str, Any]:
    try:
        parsed = pdus.read(frame)
    except PduError as error:
        return {"fields": {}, "tlvs": [], "fault": str(error)}
    return {
        "fields": {name: _shown(value) for name, value in parsed.fields.items()},
        "tlvs": [{"tag": f"0x{tlv.tag:04X}", "hex": tlv.value.hex()} for tlv in parsed.tlvs],
        "fault": "",
    }


def _shown(value: Any) -> Any:
    if isinstance(value, bytes):
        text = value.decode("latin-1")
        return text if text.isprintable() else value.hex(" ")
    if isinstance(value, list):
        return [_shown(each) for each in value]
    if isinstance(value, tuple):
        return [_shown(each) for each in value]
    return value


def _fault(armed: Armed) -> dict[str, Any]:
    return {"number": armed.number, "met": armed.met, **armed.fault.model_dump()}


def _connection(connection: Connection) -> dict[str, Any]:
    return {
        "number": connection.number,
        "system_id": connection.system_id,
        "bind": connection.bind,
        "peer": connection.peer,
        "version": f"0x{connection.version:02X}",
        "began_at": connection.began_at,
    }
