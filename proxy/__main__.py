"""``python -m proxy``: the same as ``consent-proxy``."""

from proxy.cli import app

app()
