"""``python -m proxy``: the same as ``consent-proxy``."""

from proxy.cli.app import app

app()
