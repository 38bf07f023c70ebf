"""Which encoding a text is in, where nobody says it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from charset_normalizer import from_bytes

from catalog.attributes import MATERIAL, PATTERN, column_name
from catalog.sources.feeds.column_names import COLUMNS
from catalog.sources.feeds.values.genders import GENDERS

CHUNK = 1 << 16
# What shops still write beside UTF-8; Windows-1252 holds Latin-1 too.
_LEGACY = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949", "tis_620"),
]
_USUAL = "cp1252"
# Enough text beyond ASCII to tell languages apart, and quick to look at.
_SAMPLE = 48_000
_WORDS = (*chain(*COLUMNS.values()), *MATERIAL, *PATTERN, *GENDERS)
_NAMES = frozenset(word for word in _WORDS if not word.isascii())
_LONGEST_NAME = 60
_SIGNS = (" zł", " Kč", " лв", " руб")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_DECLARED = re.compile(r"\s*<\?xml\s[^>]{0,60}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
# What programs declare without a look at what they write.
_UNTHINKING = ("ascii", "iso8859-1", _USUAL)
# Their bytes are all ASCII, and so UTF-8 too.
_SEVEN_BIT = ("iso2022", "hz")


def declared_encoding(start: str, *, is_utf: bool) -> str:
    """The encoding that the ``start`` of an XML text declares, as Python calls it. "" where its bytes tell
    better, as they do where they are a UTF, and for one that is not declared or that Python does not know.
    """
    found = _DECLARED.match(start.lstrip("\ufeff"))
    try:
        name = codecs.lookup(found[1]).name if found else "utf-8"
        "".encode(name)
    except (LookupError, UnicodeError):
        return ""
    if name.startswith("utf") or (is_utf and not name.startswith(_SEVEN_BIT)):
        return ""
    return _USUAL if name in _UNTHINKING else name


def detect_encoding(path: Path) -> str:
    """From the byte order mark, else UTF-16 by its zeros, else UTF-8, else the likeliest older encoding."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
        for mark, name in _MARKS:
            if head.startswith(mark):
                return name
        if head[1::2].count(0) > len(head) // 4:
            return "utf-16-le"
        if head[0::2].count(0) > len(head) // 4:
            return "utf-16-be"
        file.seek(0)
        if _is_utf8(iter(lambda: file.read(CHUNK), b"")):
            return "utf-8"
        named = _by_names(head)
        if named:
            return named
        file.seek(0)
        return _legacy(iter(lambda: file.read(CHUNK), b""))


def _by_names(head: bytes) -> str:
    """The encoding that makes most words of the first lines names of columns and currencies beyond ASCII; ""
    where several do. A short feed has too little text to tell languages apart, and its header says more.
    """
    lines = b"\n".join(line for line in head.splitlines() if not line.isascii())[:_SAMPLE]
    scores = {name: _known_words(lines.decode(name, "replace")) for name in _LEGACY}
    best = max(scores.values())
    found = [name for name, score in scores.items() if score == best]
    return found[0] if best and (len(found) == 1 or _USUAL not in found) else ""


def _known_words(text: str) -> int:
    words = {column_name(word) for word in re.split(r"[\t,;|\r\n\"]+", text) if len(word) < _LONGEST_NAME}
    return len(words & _NAMES) + sum(sign in text for sign in _SIGNS)


def _is_utf8(chunks: Iterable[bytes]) -> bool:
    """Whether most of what is not ASCII reads as UTF-8: one damaged byte must not garble every umlaut."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    damaged = beyond_ascii = 0
    for chunk in chunks:
        text = decoder.decode(chunk)
        if not text.isascii():
            damaged += text.count("\ufffd")
            beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
    return damaged * 2 <= beyond_ascii


def _legacy(chunks: Iterable[bytes]) -> str:
    sample = bytearray()
    for chunk in chunks:
        for line in chunk.splitlines():
            if not line.isascii():
                sample += line + b"\n"
        if len(sample) > _SAMPLE:
            break
    matches = list(from_bytes(bytes(sample[:_SAMPLE]), cp_isolation=_LEGACY))
    if not matches:
        return _USUAL
    best = matches[0]
    # A few umlauts read as letters of many alphabets; only a clearly better one displaces the usual.
    usual = next(
        (match for match in matches if _USUAL in (match.encoding, *match.could_be_from_charset)), None
    )
    if usual is not None and usual.chaos <= best.chaos and usual.coherence >= best.coherence:
        return _USUAL
    return str(best.encoding)
