"""``consent-proxy capture``: what passes through a running proxy, as a file for Wireshark."""

from __future__ import annotations

import http.client
import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from proxy.cli.asking import PATIENCE, connection_to
from proxy.cli.failing import fail, settings
from proxy.cli.ledger import for_its_owner
from proxy.cli.options import CONFIG, STANDARD_INPUT, ConfigOption, examples
from proxy.config.schema import AdminTable
from proxy.service.admin.tokens import TokenError, one_that_may_write
from proxy.service.credentials import CredentialError, file_of
from proxy.service.processes.capturing import BEGINNING

VARIABLE = "CONSENT_PROXY_TOKEN"
"""The variable with a token that may write; without it one of the settings' token file is used."""

EXAMPLES = examples(
    "capture --session 4f1d2c9a0b77 session.pcapng",
    "capture --system-id platform --seconds 600 platform.pcapng",
    "capture --pair 15551230001 15559870001 - | tshark -r - -Y smpp",
)


def capture(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to, as pcapng; - for standard output.")],
    session: Annotated[
        str, typer.Option(metavar="ID", help="The session with this id, as the log and status have it.")
    ] = "",
    pair: Annotated[
        tuple[str, str] | None, typer.Option(metavar="BUSINESS CONSUMER", help="The messages between these two.")
    ] = None,
    system_id: Annotated[str, typer.Option(metavar="NAME", help="All sessions of this system_id.")] = "",
    seconds: Annotated[float, typer.Option(min=1, max=3600, metavar="SECONDS", help="For how long.")] = 60.0,
    size: Annotated[int, typer.Option(min=1, max=64, metavar="MIB", help="How much at the most.")] = 16,
    config: ConfigOption = CONFIG,
) -> None:
    """Write the PDUs that pass through a running proxy, in the clear and without passwords, for Wireshark.

    It ends by itself, or with Ctrl-C. The journal keeps who captured what. A token that may write is needed: one of the
    settings' token file, or that in $CONSENT_PROXY_TOKEN.
    """
    if bool(session) + bool(system_id) + bool(pair) != 1:
        fail("say what to capture: one of --session, --system-id and --pair")
    loaded = settings(config)
    if loaded.admin is None:
        fail(f"{config}: admin: is missing; without it a running proxy can't be asked")
    business, consumer = pair or ("", "")
    wanted = {
        "session": session, "system_id": system_id, "business": business, "consumer": consumer, "seconds": seconds,
        "octets": size * 1024 * 1024,
    }  # fmt: skip
    try:
        octets = _write(loaded.admin, wanted, file)
    except http.client.HTTPException as error:
        fail(f"no proxy answers on {loaded.admin.listen}: {error}")
    except OSError as error:
        where = str(file) if error.filename else f"no proxy answers on {loaded.admin.listen}"
        fail(f"{where}: {error.strerror or error}")
    typer.echo(f"{octets} octets written to {file}", err=True)
    if octets <= len(BEGINNING):
        typer.echo("no PDU of these passed; consent-proxy status --json lists the sessions there are", err=True)


def _write(admin: AdminTable, wanted: dict[str, Any], file: Path) -> int:
    """Write what the proxy sends; how many octets that was."""
    written = 0
    headers = {"Authorization": f"Bearer {_token(admin)}", "Content-Type": "application/json"}
    connection = connection_to(admin)
    with closing(connection):
        connection.request("POST", "/v1/capture", json.dumps(wanted), headers)
        answer = connection.getresponse()
        if answer.status != 200:
            fail(f"the proxy refuses: {_detail(answer.read())}")
        connection.sock.settimeout(wanted["seconds"] + PATIENCE)
        is_piped = file == STANDARD_INPUT
        opener = None if is_piped else for_its_owner
        with open(1 if is_piped else file, "wb", closefd=not is_piped, opener=opener) as out:
            try:
                while octets := answer.read1():
                    written += out.write(octets)
                    out.flush()
            except KeyboardInterrupt:
                print(file=sys.stderr)
    return written


def _token(admin: AdminTable) -> str:
    if token := os.environ.get(VARIABLE):
        return token
    try:
        token = one_that_may_write(Path(file_of(admin.token_file))) if admin.token_file else None
    except (TokenError, CredentialError) as error:
        fail(f"admin.token_file: {error}; or put a token that may write into ${VARIABLE}")
    if token is None:
        fail(f"no token that may write: put one into the file of [admin] token_file, or into ${VARIABLE}")
    return token


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return body[:200].decode(errors="replace")
