"""Recorded PDUs and labelled replies, as other projects and people made them.

The rules were written with ``replies.tsv`` and ``more_replies.tsv``. The sets in ``people`` came later, 200 to 330
replies each: everyday spelling of English, own words in many languages, and answers to campaigns ("Stop2End"). Each was
written by somebody who had seen neither the rules nor another set, and scored before the rules learned from it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

_FOLDER = Path(__file__).parent


class RecordedPdu(NamedTuple):
    """One PDU: its octets, and what an independent lenient reader made of it."""

    id: str
    octets: bytes
    decoded: dict[str, Any]


def recorded_pdus() -> list[RecordedPdu]:
    """All PDUs of the corpus, whole or not."""
    pdus = json.loads((_FOLDER / "pdus.json").read_text("utf-8"))["pdus"]
    return [RecordedPdu(p["id"], bytes.fromhex(p["hex"]), p.get("decoded", {})) for p in pdus]


def whole_pdus() -> list[RecordedPdu]:
    """Those that are exactly one frame."""
    return [
        pdu
        for pdu in recorded_pdus()
        if len(pdu.octets) >= 16 and int.from_bytes(pdu.octets[:4], "big") == len(pdu.octets)
    ]


def labelled_replies(name: str = "replies.tsv") -> list[tuple[str, str]]:
    """(label, text) of every reply; escapes decoded, nothing stripped."""
    lines = (_FOLDER / name).read_text("utf-8").split("\n")[1:]
    rows = (line.split("\t", 1) for line in lines if line)
    return [(label, _unescape(text)) for label, text in rows]


def _unescape(text: str) -> str:
    parts = text.split("\\")
    out = [parts[0]]
    for part in parts[1:]:
        if part.startswith("n"):
            out.append("\n" + part[1:])
        elif part.startswith("u"):
            out.append(chr(int(part[1:5], 16)) + part[5:])
        else:
            out.append("\\" + part)
    return "".join(out)
