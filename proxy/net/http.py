"""An ASGI application on a listening socket, by Hypercorn under trio: for the admin HTTP and for the simulator's."""

from __future__ import annotations

import os
import socket
from typing import Any

import structlog
import trio
from hypercorn.config import Config
from hypercorn.trio import serve as serve_http


async def serve(app: Any, listener: socket.socket) -> None:
    """Serve until cancelled. Whatever a request does to the server stays here: it is logged, and it starts again."""
    while True:
        config = Config()
        config.bind = [f"fd://{os.dup(listener.fileno())}"]
        config.errorlog = None
        config.accesslog = None
        try:
            await serve_http(app, config, shutdown_trigger=trio.sleep_forever)
        except* Exception as errors:  # noqa: BLE001 - no request may end the server
            structlog.get_logger().error("http_failed", reason=repr(errors.exceptions[0])[:200])
        await trio.sleep(0.1)  # so that a server that can't start at all doesn't spin
