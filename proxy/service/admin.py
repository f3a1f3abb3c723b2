"""The admin HTTP: metrics, health and the state of the sessions. Shows no number and changes nothing."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import structlog
import trio
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from hypercorn.config import Config as HypercornConfig
from hypercorn.trio import serve as serve_http
from prometheus_client import CONTENT_TYPE_LATEST

from proxy.consent.ledger import Ledger
from proxy.relay.network import Endpoint
from proxy.relay.route import Route
from proxy.service.telemetry import Telemetry


def application(telemetry: Telemetry, is_draining: Callable[[], bool]) -> FastAPI:
    """The admin routes of one worker."""
    app = FastAPI(title="SMPP consent proxy", docs_url=None, redoc_url=None)

    @app.get("/metrics")
    async def metrics() -> Response:
        """All metrics in Prometheus's text format."""
        return Response(telemetry.exposition(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        """The event loop answers."""
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz(response: Response) -> dict[str, Any]:
        """Whether new sessions are wanted here, with the reasons if not."""
        reasons = _reasons(telemetry.ledger, is_draining())
        response.status_code = 503 if reasons else 200
        return {"status": "not ready" if reasons else "ok", "reasons": reasons}

    @app.get("/status")
    async def status() -> dict[str, Any]:
        """Routes, sessions and ledger as they stand now."""
        return {
            "routes": [_route_status(route) for route in telemetry.routes],
            "ledger": asdict(telemetry.ledger.statistics()),
        }

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> Response:
        """An error of ours: it belongs into the log, and its details nowhere else."""
        structlog.get_logger().error("admin_failed", path=request.url.path, exc_info=error)
        return JSONResponse({"detail": "internal error, see the log"}, status_code=500)

    return app


def _reasons(ledger: Ledger, is_draining: bool) -> list[str]:
    reasons = ["draining"] if is_draining else []
    reasons += [fault for fault in (ledger.fault, ledger.write_fault) if fault is not None]
    return list(dict.fromkeys(reasons))


_UP = {None: "not tried yet", True: "up", False: "down"}


def _route_status(route: Route) -> dict[str, Any]:
    return {
        "name": route.name,
        "carriers": {str(carrier): _UP[up] for carrier, up in route.carrier_up.items()},
        "sessions": [asdict(conversation.session.statistics()) for conversation in route.conversations],
    }


def bind(endpoint: Endpoint) -> socket.socket:
    """The listening socket of the admin HTTP; raises ``OSError``."""
    return socket.create_server(
        endpoint, family=socket.AF_INET6 if ":" in endpoint.host else socket.AF_INET, reuse_port=False
    )


async def serve(app: FastAPI, listener: socket.socket) -> None:
    """Serve until cancelled; the socket is closed at the end.

    Whatever a request does to the HTTP server stays here: it is logged, and the server starts again.
    """
    with listener:
        while True:
            config = HypercornConfig()
            config.bind = [f"fd://{os.dup(listener.fileno())}"]
            config.errorlog = None
            config.accesslog = None
            try:
                await serve_http(app, config, shutdown_trigger=trio.sleep_forever)  # type: ignore[arg-type]
            except* Exception as errors:
                structlog.get_logger().error("admin_failed", reason=repr(errors.exceptions[0])[:200])
            await trio.sleep(0.1)  # so that a server that can't start at all doesn't spin
