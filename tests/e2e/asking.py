"""Asking a running proxy over its admin HTTP."""

from __future__ import annotations

import urllib.error
import urllib.request

from proxy.simulator.process import ProxyProcess


def get(proxy: ProxyProcess, path: str, *, expect: int = 200) -> bytes:
    host, port = proxy.admin_address()
    try:
        with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=60) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as error:
        status, body = error.code, error.read()
    assert status == expect
    return bytes(body)


def metric(proxy: ProxyProcess, name: str, **labels: str) -> float:
    """The sum of the samples with these labels."""
    total = 0.0
    for line in get(proxy, "/metrics").decode().splitlines():
        head, _, value = line.rpartition(" ")
        if head.partition("{")[0] == f"smpp_proxy_{name}" and all(f'{k}="{v}"' in head for k, v in labels.items()):
            total += float(value)
    return total
