"""How a PDU is shown in one line of text: on the terminal, in the exam's report, in the demo."""

from __future__ import annotations

import time
from contextlib import suppress

from proxy.simulator.smsc.connection import Seen
from proxy.simulator.smsc.messages import text_of
from proxy.smpp import pdu


def print_seen(seen: Seen) -> None:
    """Print the line of ``full``, at once."""
    print(full(seen), flush=True)


def full(seen: Seen) -> str:
    """Everything in one line: when, over which connection, which way, the command, and what it says."""
    _, _, status, sequence = pdu.HEADER.unpack_from(seen.frame)
    said = [clock(seen.time), f"#{seen.connection}", arrow(seen), seen.command, f"seq {sequence}"]
    if status:
        said.append(pdu.status_name(status))
    with suppress(pdu.PduError):
        if seen.command in ("submit_sm", "deliver_sm", "data_sm"):
            source, destination = (address.digits.decode("latin-1") for address in seen.addresses())
            said.append(f"{source} to {destination}: {text_of(seen.frame)[0]!r}")
        elif seen.command.startswith("bind_") and not seen.command.endswith("_resp"):
            said.append(pdu.system_id(seen.frame, 0, len(seen.frame)))
    return " ".join(said)


def brief(seen: Seen) -> str:
    """The header only: when, which way, the command, its sequence_number, and a status that is not ESME_ROK."""
    _, _, status, sequence = pdu.HEADER.unpack_from(seen.frame)
    said = f" {pdu.status_name(status)}" if status else ""
    return f"{clock(seen.time)} {arrow(seen)} {seen.command} #{sequence}{said}"


def addressed(seen: Seen) -> str:
    """The command of a message, and from whom to whom it goes."""
    source, destination = seen.addresses()
    return f"{seen.command} +{source.digits.decode()} → +{destination.digits.decode()}"


def clock(seconds: float) -> str:
    """The time of day in UTC, to the millisecond."""
    return time.strftime("%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1000):03}"


def arrow(seen: Seen) -> str:
    """``->`` for a PDU from the ESME, ``<-`` for one to it."""
    return "->" if seen.direction == "in" else "<-"
