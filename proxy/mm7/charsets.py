"""The charsets that MM7 is written in, by the names that programs give them. No others are looked up.

Python knows codecs that are none (``unicode_escape``), and keeps every name that it is asked for in memory.
"""

from __future__ import annotations

import codecs
import re

_NAMES = (
    "utf-8", "iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7",
    "iso-8859-8", "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "windows-1250",
    "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
    "windows-1258", "koi8-r", "koi8-u", "euc-kr", "cp949", "euc-jp", "shift_jis", "gb2312", "gbk", "gb18030", "big5",
    "tis-620", "cp932", "cp950",
)  # fmt: skip
_OTHER_NAMES = {
    "us-ascii": "utf-8",  # said of much that is UTF-8, and the same where it is true
    "ascii": "utf-8",
    "utf8": "utf-8",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "iso_8859-1": "iso-8859-1",
    "iso8859-1": "iso-8859-1",
    "gb2312": "gbk",  # whoever says so nearly always means this one, and no octet of a tag or a digit is in the more
    "gb_2312-80": "gbk",
    "cp936": "gbk",
    "ms936": "gbk",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "ksc_5601": "cp949",
    "ms949": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "euc_kr": "cp949",
    "big5": "cp950",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "cp1252": "windows-1252",
    "iso8859_1": "iso-8859-1",
    "iso8859-15": "iso-8859-15",
    "ansi_x3.4-1968": "utf-8",
    "iso646-us": "utf-8",
    "utf_8": "utf-8",
    "windows-874": "tis-620",
    "iso-8859-11": "tis-620",
    "utf16": "utf-16",
    "ucs-2": "utf-16",
    "ucs2": "utf-16",
    "iso-10646-ucs-2": "utf-16",
}
_WIDE = ("utf-16", "utf-16le", "utf-16be")
_CODECS = {name: codecs.lookup(name).name for name in _NAMES}

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
"""Byte order marks, and what they say (RFC 3629, RFC 2781)."""


def codec_of(name: str) -> str:
    """The codec of a charset; empty for one that isn't known here. ``utf-16`` may be in either order."""
    wanted = name.strip().lower()[:40]
    wanted = _OTHER_NAMES.get(wanted, wanted)
    if wanted in _WIDE:
        return wanted.replace("utf-16l", "utf-16-l").replace("utf-16b", "utf-16-b")
    return _CODECS.get(wanted, "")


_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_UTF_16 = (*MARKS[1:], (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


def codecs_of_xml(octets: bytes, charset: str) -> set[str]:
    """The codecs that XML may be in (RFC 7303, section 3), of which ``charset`` is what its Content-Type says.

    Raises ``LookupError`` for one that isn't known.
    """
    for mark, name in _UTF_16:
        if octets.startswith(mark):
            return {name}
    declared = _DECLARED.match(octets.removeprefix(codecs.BOM_UTF8))
    names = {charset, declared[1].decode("ascii") if declared else ""} - {""}
    found = {name: codec_of(name) for name in names or {"utf-8"}}
    for name, codec in found.items():
        if not codec or codec.startswith("utf-16"):  # which would have been seen
            raise LookupError(f"{name[:40]!r} is not known, or is not what it is in")
    return set(found.values())
