"""The charsets that MM7 is written in, by the names that programs give them. No others are looked up.

Python knows codecs that are none (``unicode_escape``), and keeps every name that it is asked for in memory.
"""

from __future__ import annotations

import codecs

_NAMES = (
    "utf-8", "iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7",
    "iso-8859-8", "iso-8859-9", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "windows-1250",
    "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257",
    "windows-1258", "koi8-r", "koi8-u", "euc-kr", "cp949", "euc-jp", "shift_jis", "gb2312", "gbk", "gb18030", "big5",
    "tis-620",
)  # fmt: skip
_OTHER_NAMES = {
    "us-ascii": "utf-8",  # said of much that is UTF-8, and the same where it is true
    "ascii": "utf-8",
    "utf8": "utf-8",
    "latin1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "iso_8859-1": "iso-8859-1",
    "iso8859-1": "iso-8859-1",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "euc-kr",
    "sjis": "shift_jis",
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
