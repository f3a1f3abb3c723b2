"""What is owed to a side, where a way to pay was cut off."""

from __future__ import annotations

import ssl
from typing import cast

import trio

from proxy.relay.outlet import Outlet


class Stalling(trio.abc.HalfCloseableStream):
    """Takes nothing, for ever."""

    def __init__(self) -> None:
        self.sends = 0

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        self.sends += 1
        await trio.sleep_forever()

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint()

    async def send_eof(self) -> None:
        await trio.lowlevel.checkpoint()

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        await trio.sleep_forever()
        raise AssertionError

    async def aclose(self) -> None:
        await trio.lowlevel.checkpoint()


async def test_a_tls_side_that_was_cut_off_within_octets_owes_nothing_that_can_not_follow() -> None:
    below = Stalling()
    outlet = Outlet(
        trio.SSLStream(cast(trio.SocketStream, below), ssl.create_default_context(), server_hostname="smsc.test")
    )
    assert not outlet.put(b"first")
    with trio.move_on_after(0.01):
        await outlet.pay()
    assert not outlet.put(b"second")
    with trio.fail_after(5):
        await outlet.pay()
    assert outlet.put(b"")
    assert below.sends == 1
