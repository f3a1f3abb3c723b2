"""When the certificates that the settings name come to their end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from cryptography import x509

from proxy.config.schema import Config
from proxy.service.credentials import CredentialError, file_of


def certificates_of(config: Config) -> Iterator[tuple[str, str]]:
    """Whose each certificate is, and the file as the settings name it."""
    for route in config.route:
        if route.tls is not None and not isinstance(route.tls, str):
            yield f"route {route.name}", route.tls.certificate
        for carrier in route.carrier:
            if carrier.tls and carrier.tls.certificate:
                yield f"route {route.name}, carrier {carrier.address}", carrier.tls.certificate
    if config.cluster is not None and config.cluster.certificate:
        yield "cluster", config.cluster.certificate


def days_left(config: Config) -> Iterator[tuple[str, float]]:
    """For how many days each certificate is still valid (its chain too), negative behind its end.

    What can't be read is left out: connections say what is wrong with it.
    """
    now = time.time()
    for whose, setting in certificates_of(config):
        with suppress(OSError, ValueError, CredentialError):
            chain = x509.load_pem_x509_certificates(Path(file_of(setting)).read_bytes())
            ends: list[datetime] = [each.not_valid_after_utc for each in chain]
            yield whose, (min(ends).timestamp() - now) / 86400
