"""An MMSC and a platform together, as one simulator has them."""

from __future__ import annotations

from collections.abc import Callable

import trio

from proxy.simulator.mms.faults import MmsFaults
from proxy.simulator.mms.mmsc import Mmsc
from proxy.simulator.mms.vasp import Vasp
from proxy.simulator.mms.writing import Target


class Mms:
    """Both sides; each posts to the proxy's address for it, or straight to the other where none is named."""

    def __init__(self, account: tuple[str, str] = ("", ""), tell_of: Callable[[str], None] = lambda _: None) -> None:
        """``account``: the user and password that the MMSC wants to see, and that the platform shows."""
        self.faults = MmsFaults()
        self.mmsc = Mmsc(self.faults, account=account, tell_of=tell_of)
        self.vasp = Vasp(self.faults, tell_of=tell_of)
        self._account = account

    async def serve(
        self,
        mmsc: tuple[str, int],
        vasp: tuple[str, int],
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Listen on these addresses until cancelled. Raises ``OSError``."""
        async with trio.open_nursery() as nursery:
            await nursery.start(self.mmsc.serve, *mmsc)
            await nursery.start(self.vasp.serve, *vasp)
            self.post_to(self.mmsc.address, self.vasp.address)
            nursery.start_soon(self.mmsc.report_on)
            task_status.started()

    def post_to(self, outward: tuple[str, int], inward: tuple[str, int]) -> None:
        """Have the platform post to the first of these addresses, and the MMSC to the second."""
        self.vasp.target = Target(_url(outward, "/mm7"), *self._account)
        self.mmsc.target = Target(_url(inward, "/mo"))


def _url(address: tuple[str, int], path: str) -> str:
    host, port = address
    return f"http://[{host}]:{port}{path}" if ":" in host else f"http://{host}:{port}{path}"
