"""The control API of the simulator, and the page with its handsets."""

from __future__ import annotations

import socket
import time
from itertools import count
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import trio
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel, ConfigDict
from starlette.routing import Route

from proxy.net.http import serve as serve_http
from proxy.simulator.handsets import texting, views, wire
from proxy.simulator.handsets.asking import After, Limit, Newest, Wait, only_known, page, waited
from proxy.simulator.handsets.texting import MobileOriginated
from proxy.simulator.mms.both import Mms
from proxy.simulator.mms.control import routes as routes_of_mms
from proxy.simulator.smsc.connection import Connection, Lost
from proxy.simulator.smsc.faults import FaultRule
from proxy.simulator.smsc.messages import FromHandset, Message, State
from proxy.simulator.smsc.scenario import Scenario
from proxy.simulator.smsc.smsc import NobodyBound, Smsc
from proxy.smpp import pdu

PAGE = Path(__file__).parent / "page"

ANSWER_TIMEOUT = 10.0
"""Seconds that an ESME is given to answer a deliver_sm before the API says that it didn't."""


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


def application(smsc: Smsc, mms: Mms | None = None) -> FastAPI:
    """The control API and the page of one SMSC, and of an MMSC and its platform."""
    app = FastAPIOffline("/docs", None, title="SMPP simulator")
    for routes in (_messages, wire.router, _faults, _connections):
        app.include_router(routes(smsc), dependencies=[Depends(only_known)])
    app.include_router(_about(smsc, mms), dependencies=[Depends(only_known)])
    if mms is not None:
        app.include_router(routes_of_mms(mms), dependencies=[Depends(only_known)])
    files = _Page(directory=PAGE, html=True, follow_symlink=True)
    # Not mounted at "/": a mount would take the API's wrong methods and its slashes at the end too.
    app.router.routes += [Route("/", files), Route("/{file}", files)]
    return app


async def serve(
    smsc: Smsc,
    host: str,
    port: int,
    mms: Mms | None = None,
    task_status: trio.TaskStatus[tuple[str, int]] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve until cancelled; the address that it really listens on is the task's value. Raises ``OSError``."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listener:
        listener.setblocking(False)
        bound_host, bound_port = listener.getsockname()[:2]
        task_status.started((bound_host, bound_port))
        await serve_http(application(smsc, mms), listener)


class _Page(StaticFiles):
    """The files of the page. Browsers must not keep them: the next simulator may be another version."""

    def file_response(self, full_path: str | PathLike[str], *args: Any, **more: Any) -> Response:
        response = super().file_response(full_path, *args, **more)
        response.headers["Cache-Control"] = "no-store"
        return response


def _about(smsc: Smsc, mms: Mms | None) -> APIRouter:
    router = APIRouter()

    @router.get("/v1/about")
    async def about() -> dict[str, Any]:
        """Where ESMEs bind, whether over TLS, and which accounts there are (all, if none is listed); and where the MMSC
        and the platform of MMS listen, if there are any.
        """
        host, port = smsc.address
        accounts = [account.system_id for account in smsc.scenario.account]
        return {"host": host, "port": port, "tls": smsc.is_tls, "accounts": accounts, "mms": _of_mms(mms)}

    return router


def _of_mms(mms: Mms | None) -> dict[str, Any] | None:
    if mms is None:
        return None
    return {name: "{}:{}".format(*party.address) for name, party in (("mmsc", mms.mmsc), ("vasp", mms.vasp))}


def _messages(smsc: Smsc) -> APIRouter:
    router = APIRouter()
    references = count(1)

    @router.post("/v1/mo")
    async def send_mo(wanted: MobileOriginated) -> dict[str, Any]:
        """Send a message from a handset; says who got it, and how each part was answered.

        It goes to `system_id`; without one, to the session that sent from that number last, else to one whose bind has
        an address_range that matches, else to the first that is bound to receive.
        """
        try:
            parts = texting.parts(wanted, next(references))
        except ValueError as error:
            raise HTTPException(422, str(error)) from None
        statuses: list[str] = []
        source, destination = texting.address(wanted.source), texting.address(wanted.destination)
        given = ""
        for octets, esm_class, data_coding, tlvs in parts:
            extra = {"esm_class": esm_class, "data_coding": data_coding, **wanted.fields}
            try:
                with trio.fail_after(ANSWER_TIMEOUT):
                    given = smsc.receiver_for(destination, wanted.system_id).system_id
                    status = await smsc.deliver(
                        source, destination, octets, parameters=tlvs, fields=extra, system_id=wanted.system_id
                    )
            except NobodyBound as error:
                raise HTTPException(409, str(error)) from None
            except (Lost, trio.TooSlowError):
                raise HTTPException(504, "the ESME did not answer the deliver_sm") from None
            except KeyError as error:
                raise HTTPException(422, f"fields: deliver_sm has no parameter of that name: {error}") from None
            statuses.append(pdu.status_name(status))
        return {"system_id": given, "statuses": statuses}

    @router.get("/v1/mo")
    async def list_mo(after: After = 0, wait: Wait = 0, limit: Limit = 500, newest: Newest = False) -> dict[str, Any]:
        """Messages from handsets, oldest first, those too that nobody answered."""

        def find() -> list[FromHandset]:
            return page([m for m in smsc.from_handsets if m.number > after], limit, newest=newest)

        found = await waited(smsc, find, wait)
        return {"messages": [views.from_handset(message) for message in found]}

    @router.get("/v1/messages")
    async def list_messages(
        after: After = 0,
        wait: Wait = 0,
        limit: Limit = 500,
        newest: Newest = False,
        system_id: str = "",
        source: str = "",
        destination: str = "",
        text: str = "",
        state: str = "",
    ) -> dict[str, Any]:
        """Messages from ESMEs, oldest first, that have these addresses and hold this text."""
        if state and state.upper() not in State.__members__:
            raise HTTPException(422, f"state: no such state: {state}; known are {', '.join(State.__members__)}")

        def find() -> list[Message]:
            found = [
                message
                for message in smsc.stored.values()
                if message.number > after
                and system_id in ("", message.system_id)
                and source in ("", message.source.digits.decode("latin-1"))
                and destination in ("", message.destination.digits.decode("latin-1"))
                and text in message.text
                and state.upper() in ("", message.state.name)
            ]
            return page(found, limit, newest=newest)

        return {"messages": [views.from_esme(message) for message in await waited(smsc, find, wait)]}

    return router


def _faults(smsc: Smsc) -> APIRouter:
    router = APIRouter()

    @router.get("/v1/faults")
    async def list_faults() -> dict[str, Any]:
        """The faults that are set, and how many requests each has met."""
        return {"faults": [views.fault(armed) for armed in smsc.faults.armed]}

    @router.post("/v1/faults", status_code=201)
    async def set_fault(fault: FaultRule) -> dict[str, Any]:
        """Set one more fault."""
        return views.fault(smsc.faults.set(fault, time.monotonic()))

    @router.delete("/v1/faults")
    async def clear_faults() -> dict[str, Any]:
        """Take all faults away."""
        smsc.faults.clear()
        return {"faults": []}

    @router.delete("/v1/faults/{number}")
    async def remove_fault(number: int) -> dict[str, Any]:
        """Take one fault away."""
        if not smsc.faults.remove(number):
            raise HTTPException(404, "there is no such fault")
        return await list_faults()

    @router.get("/v1/scenario")
    async def get_scenario() -> dict[str, Any]:
        """The accounts (without their passwords), outcomes and faults that are played."""
        return smsc.scenario.model_dump(exclude={"account": {"__all__": {"password"}}})

    @router.put("/v1/scenario")
    async def play(scenario: Scenario) -> dict[str, Any]:
        """Have these accounts, outcomes and faults, and no others."""
        smsc.play(scenario)
        return await list_faults()

    @router.post("/v1/reset")
    async def reset() -> dict[str, Any]:
        """Close all connections, forget all messages and PDUs, begin the scenario anew."""
        await smsc.reset()
        return {}

    return router


def _connections(smsc: Smsc) -> APIRouter:
    router = APIRouter()

    def connection_of(number: int) -> Connection:
        if not 0 <= number < len(smsc.connections) or smsc.connections[number].is_over:
            raise HTTPException(404, "there is no such connection, or it is over")
        return smsc.connections[number]

    @router.get("/v1/connections")
    async def list_connections() -> dict[str, Any]:
        """The connections that are open."""
        return {"connections": [views.connection(each) for each in smsc.connections if not each.is_over]}

    @router.post("/v1/connections/{number}/raw")
    async def send_raw(number: int, raw: Raw) -> dict[str, Any]:
        """Send octets as they are."""
        try:
            octets = bytes.fromhex(raw.hex)
        except ValueError:
            raise HTTPException(422, "hex holds something that is not hexadecimal") from None
        await connection_of(number).send(octets)
        return {"octets": len(octets)}

    @router.post("/v1/connections/{number}/{action}")
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

    @router.post("/v1/outbind")
    async def outbind(wanted: Outbind) -> dict[str, Any]:
        """Connect to an ESME and ask it to bind as receiver."""
        try:
            made = await smsc.outbind(wanted.host, wanted.port, wanted.system_id, wanted.password)
        except OSError as error:
            raise HTTPException(502, f"{wanted.host}:{wanted.port}: {error}") from None
        return views.connection(made)

    return router
