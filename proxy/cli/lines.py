"""JSON lines that a terminal can show: what can't be seen, or steers it, is escaped as JSON escapes it."""

from __future__ import annotations

import json
from typing import Any

from proxy.consent.written import printable


def json_line(fields: dict[str, Any]) -> str:
    """An object as one line of JSON, the same to a program and harmless to a terminal."""
    return printable(json.dumps(fields, ensure_ascii=False))
