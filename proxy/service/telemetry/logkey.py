"""The secret behind the hashed numbers in logs: made once, and kept beside the ledger."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from proxy.ledger.disk.files import alone_in, sync

NAME = "log-key"


def log_key(folder: Path) -> bytes:
    """The secret kept in this folder, made there if there is none yet; raises ``OSError``.

    It is there whole or not at all. One that is empty or all zeroes was left by a power cut, and is no secret.
    """
    path = folder / NAME
    with alone_in(folder):
        if not path.exists() or not path.read_bytes().strip(b"\0"):
            fresh = folder / f"{NAME}.new"
            fresh.unlink(missing_ok=True)
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
            sync(fresh)
            fresh.replace(path)
            sync(folder)
        return path.read_bytes()
