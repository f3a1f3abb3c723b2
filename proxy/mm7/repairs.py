"""XML that is not well-formed, made so as well as that can be done: a consumer's STOP may stand in it."""

from __future__ import annotations

import re

from proxy.mm7.charsets import codec_of

_AMPERSAND = re.compile(r"&(?!(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);)")
_STRANGE = re.compile(
    r"&#(?:5[5-7]\d{3}|[0-8]|1[124-9]|2\d|3[01]|x[dD][89a-fA-F]..);"  # half a character, or none of XML
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]{0,1000}>")


def repaired(octets: bytes, charset: str = "") -> str:
    """These octets as text: in whatever charset they can be, without what no XML may hold."""
    try:
        text = octets.decode("utf-8-sig")
    except ValueError:
        text = octets.decode(codec_of(charset) or "latin-1", "replace")
    text = _DOCTYPE.sub("", text.lstrip("\ufeff\r\n\t "), count=1)
    return _STRANGE.sub("?", _AMPERSAND.sub("&amp;", text))
