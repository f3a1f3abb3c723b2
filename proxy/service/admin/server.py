"""The admin HTTP: metrics, health, status and its page for all; consent for those who have a token."""

from __future__ import annotations

import os
import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import structlog
import trio
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.routing import BaseRoute, Route

from proxy.config.schema import AdminTable
from proxy.consent.wishes import NotRecorded
from proxy.ledger.disk.files import LedgerError
from proxy.net.http import serve
from proxy.service.admin import captures
from proxy.service.admin.api import Answering, Rights, router
from proxy.service.admin.bodies import not_valid
from proxy.service.admin.checks import Written
from proxy.service.admin.guard import Guard, Rates
from proxy.service.admin.overview import Overview
from proxy.service.admin.tokens import Tokens
from proxy.service.door.listeners import Inherited, address_of, open_listener, open_unix
from proxy.service.telemetry.log import mask

PAGE = Path(__file__).parent / "page"
PAGE_PATHS = (
    "/", "/page.js", "/parts.js", "/chart.js", "/sessions.js", "/consent.js", "/page.css", "/icon.svg"
)  # fmt: skip

CHANGES_SHOWN = 20
"""Latest consent changes on the status page."""


class Desk(Answering, captures.Desk, Protocol):
    """What the admin HTTP needs of the supervisor."""

    overview: Overview


def application(desk: Desk, access: Rights) -> FastAPI:
    """The routes."""
    page = StaticFiles(directory=PAGE, html=True, follow_symlink=True)
    files: list[BaseRoute] = [Route(path, page, methods=["GET"], include_in_schema=False) for path in PAGE_PATHS]
    app = FastAPI(title="SMPP consent proxy", docs_url=None, redoc_url=None, routes=files)
    app.state.access = access
    overview = desk.overview

    @app.get("/metrics")
    async def metrics() -> Response:
        """All metrics in Prometheus's text format."""
        return Response(await overview.metrics(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/livez")
    async def livez() -> dict[str, Any]:
        """The event loop answers."""
        return {"status": "ok", "reasons": []}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, Any]:
        """Whether new sessions are wanted here, with the reasons if not."""
        reasons = overview.reasons()
        response.status_code = 503 if reasons else 200
        return {"status": "not ready" if reasons else "ok", "reasons": reasons}

    @app.get("/status")
    async def status() -> dict[str, Any]:
        """Routes, workers, sessions, ledger and the latest changes as they stand now; numbers are masked."""
        found = await overview.status()
        entries = desk.ledger.journal.entries(max(0, found["ledger"]["revision"] - CHANGES_SHOWN))
        changes = [
            {
                "revision": entry.sequence,
                "time": entry.time.isoformat(timespec="seconds"),
                "business": mask(entry.pair.business),
                "consumer": mask(entry.pair.consumer),
                "change": str(entry.event),
                "matched": re.sub(r"\d", "#", entry.evidence.get("matched", "")),  # older entries may hold numbers
                "by": entry.evidence.get("operator") or entry.evidence.get("route", ""),
            }
            for entry in entries
        ]
        return {**found, "changes": changes[::-1]}

    app.include_router(router(desk))
    app.include_router(captures.router(desk, lambda: Written(desk.config)))

    app.exception_handler(RequestValidationError)(not_valid)

    @app.exception_handler(LedgerError)
    @app.exception_handler(NotRecorded)
    async def unusable(_request: Request, error: Exception) -> Response:
        """The ledger can't be read or written now."""
        return JSONResponse({"detail": str(error)}, status_code=503)

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        """An error of ours: it belongs into the log, and its details nowhere else."""
        route = getattr(request.scope.get("route"), "path", "")  # not the path itself, which may hold numbers
        structlog.get_logger().error("admin_failed", route=route, exc_info=error)
        return JSONResponse({"detail": "internal error, see the log"}, status_code=500)

    return app


class AdminHttp:
    """The admin HTTP on one address. Who may use it, and how often, can be changed while it runs."""

    def __init__(
        self, desk: Desk, section: AdminTable, listener: socket.socket, tokens: Tokens | None, *, is_inherited: bool
    ) -> None:
        self.listen = section.listen
        self._unlinks = listener.family == socket.AF_UNIX and not is_inherited
        self._listener = listener
        self._app = application(desk, _access(tokens))
        self._guard = Guard(self._app, Rates(section.requests_per_second, trio.current_time))
        self._scope = trio.CancelScope()

    def apply(self, section: AdminTable, tokens: Tokens | None) -> None:
        """Go by these tokens and this rate from now on."""
        self._app.state.access = _access(tokens)
        self._guard.rates = Rates(section.requests_per_second, trio.current_time)

    async def run(self) -> None:
        """Serve until closed."""
        try:
            with self._scope:
                await serve(self._guard, self._listener)
        finally:
            self.close()

    def close(self) -> None:
        """End it, and give the address back."""
        self._scope.cancel()
        if self._unlinks:
            self._unlinks = False
            with suppress(OSError):
                os.unlink(self.listen.removeprefix("unix:"))
        self._listener.close()


def open_admin(desk: Desk, section: AdminTable, inherited: Inherited, tokens: Tokens | None) -> AdminHttp:
    """Listen where the settings say; raises ``OSError`` if the address can't be had."""
    listener = inherited.take("admin", section.listen)
    is_inherited = listener is not None
    if listener is None:
        try:
            is_unix = section.listen.startswith("unix:")
            listener = open_unix(section.listen.removeprefix("unix:")) if is_unix else open_listener(section.listen)
        except OSError as error:
            raise OSError(f"admin: can't listen on {section.listen}: {error.strerror}") from error
    name = f"unix:{listener.getsockname()}" if listener.family == socket.AF_UNIX else str(address_of(listener))
    structlog.get_logger().info("admin_listening", address=name)
    return AdminHttp(desk, section, listener, tokens, is_inherited=is_inherited)


def _access(tokens: Tokens | None) -> Rights:
    return Rights(tokens, Rates(10 / 60, trio.current_time))
