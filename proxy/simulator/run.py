"""``consent-proxy simulate``: the SMSC, its control API and the handsets, until Ctrl-C."""

from __future__ import annotations

import math

import trio

from proxy.simulator.faults import Scenario
from proxy.simulator.smsc import Smsc, print_seen


def run(
    listen: tuple[str, int], control: tuple[str, int] | None, scenario: Scenario, *, is_quiet: bool = False
) -> None:
    """Serve on these addresses and print a line for every PDU; raises ``OSError`` if one can't be had."""

    async def main() -> None:
        smsc = Smsc((lambda _: None) if is_quiet else print_seen, scenario)
        async with trio.open_nursery() as nursery:
            host, port = await nursery.start(smsc.serve, *listen)
            print(f"SMSC simulator on {host}:{port}", flush=True)
            if control is not None:
                from proxy.simulator import control as handsets

                host, port = await nursery.start(handsets.serve, smsc, *control)
                print(f"handsets and control on http://{host}:{port}/", flush=True)
            await trio.sleep(math.inf)

    try:
        trio.run(main)
    except* KeyboardInterrupt:
        print("stopped")
