"""Files that the service manager hands over: ``credential:NAME`` in the place of a path (systemd's LoadCredential)."""

from __future__ import annotations

import os
from pathlib import Path

from proxy.config.kinds import CREDENTIAL


class CredentialError(Exception):
    """A credential that this process was not given; the message says what to do."""


def file_of(setting: str) -> str:
    """The path that a setting names, itself or by a credential; raises ``CredentialError`` if that isn't there."""
    if not setting.startswith(CREDENTIAL):
        return setting
    name = setting.removeprefix(CREDENTIAL)
    line = f"LoadCredential={name}:/path/of/the/file"
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise CredentialError(
            f'"{setting}" is there only for a service of systemd whose unit has {line}: $CREDENTIALS_DIRECTORY is not'
            f" set; elsewhere name the file itself, or run this with: systemd-run --pipe --wait -p {line}"
        )
    path = Path(folder, name)
    if not path.exists():
        raise CredentialError(f'"{setting}" was not given to this service: add {line} to its unit, and restart it')
    return str(path)
