"""When the certificates that the settings name come to their end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
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
            path = Path(file_of(setting))
            version = path.stat()
            yield whose, (_end_of(path, version.st_ino, version.st_mtime_ns, version.st_size) - now) / 86400


@lru_cache(maxsize=1024)
def _end_of(path: Path, *_version: int) -> float:
    """When the first certificate of a chain ends, in Unix seconds; a file is read anew when it is another version."""
    chain = x509.load_pem_x509_certificates(path.read_bytes())
    ends: list[datetime] = [each.not_valid_after_utc for each in chain]
    return min(ends).timestamp()
