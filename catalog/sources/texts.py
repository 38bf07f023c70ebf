"""Texts and addresses of shops without markup, escapes and control characters."""

from __future__ import annotations

import re
from html import unescape

from django.core.exceptions import SuspiciousOperation
from django.utils.html import strip_tags

# Nothing longer is kept, so nothing longer is worth parsing.
_MOST_PARSED = 80_000
_MOST_ESCAPES = 3

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|\w{2,32});")
# Tags that stand between lines. "[^<>]": a text that is full of "<" is read once, not once for each of them.
_BLOCK = (
    "p|li|div|h[1-6]|ul|ol|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|section|article|header|footer|"
    "blockquote|figure|figcaption|details|summary|pre"
)
_BREAK = re.compile(rf"<(?:br|hr|/(?:{_BLOCK}))\b[^<>]*>", re.IGNORECASE)
_BEGIN = re.compile(rf"<(?:{_BLOCK})\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]\b[^<>]*>", re.IGNORECASE)
# Where a line begins; the one before ended by itself, or has to ("Intro<ul><li>Cotton").
_MARK = "\x1e"
_NEEDLESS = re.compile(rf"\n[^\S\n{_MARK}]*(?:{_MARK}[^\S\n{_MARK}]*)+")
_NEEDED = re.compile(f"{_MARK}+")
_TAG = re.compile(r"<[^<>]*>")
# Elements whose content no reader sees.
_NO_TEXT = re.compile(r"<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def clean_line(text: str, limit: int) -> str:
    """``text`` on one line without markup or control characters (databases refuse some), cut at ``limit``."""
    return " ".join(_without_markup(text).split())[:limit].rstrip()


def clean_text(text: str, limit: int) -> str:
    """As clean_line, but paragraphs stay."""
    text = _without_markup(text)
    if text.isprintable():
        return " ".join(text.split())[:limit].rstrip()
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:limit].rstrip()


def unescaped_address(address: str) -> str:
    """``address`` without escapes such as "&amp;". Its parameters stay: of "&currency=EUR", HTML takes the
    beginning for a sign, which needs no semicolon.
    """
    return _ENTITY.sub(lambda entity: unescape(entity.group()), address)


def _without_markup(text: str) -> str:
    text = text[:_MOST_PARSED]
    # Feeds escape texts that were escaped before: "&amp;lt;b&amp;gt;".
    for _time in range(_MOST_ESCAPES):
        if "<" not in text and "&" not in text:
            break
        text = unescape(_without_tags(text) if ">" in text else text)
    return text if text.isprintable() else CONTROL.sub(" ", text)


def _without_tags(text: str) -> str:
    text = _BEGIN.sub(_MARK, _BREAK.sub("\n", _NO_TEXT.sub(" ", text)))
    text = _CELL.sub(" ", _NEEDED.sub("\n", _NEEDLESS.sub("\n", text)))
    try:
        return strip_tags(text)
    except SuspiciousOperation:
        # Django parses no text with dozens of tags that never end.
        return _TAG.sub("", text).replace("<", " ")
