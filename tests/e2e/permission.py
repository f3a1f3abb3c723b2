"""Whether a token lets its bearer read."""

from __future__ import annotations

import urllib.error
import urllib.request

from proxy.simulator.process import ProxyProcess
from tests.e2e.peers import PATIENCE


def may_read(proxy: ProxyProcess, token: str) -> bool:
    host, port = proxy.admin_address()
    request = urllib.request.Request(f"http://{host}:{port}/v1/journal", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):
            return True
    except urllib.error.HTTPError as error:
        if error.code not in (401, 429):
            raise
        return False
