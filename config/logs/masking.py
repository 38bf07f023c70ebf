"""Secrets and shoppers' words masked in whatever is logged or reported. The settings import this module."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

MASK = "[masked]"
_RULES = (
    # The two parts of a link in a reset mail, and the token of its second step; the tokens of alerts' mails.
    (re.compile(r"(/auth/reset/|/alerts/(?:confirm|stop)/)[^\s\"'<>?#]+"), rf"\1{MASK}"),
    # Queries of addresses: searched words, picture ids, keys of feeds. Also percent-encoded, in ``next``.
    (re.compile(r"((?:/|\.[a-z]{2,})[^\s\"'<>?]*\?)[^\s\"'<>#]+", re.IGNORECASE), rf"\1{MASK}"),
    # JSON Web Tokens, signed values and the credentials of headers.
    (re.compile(r"\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"), MASK),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (
        re.compile(
            r"(?i)\b((?:new_?)?password|passwd|secret|token|api_?key|access_?token|refresh|authorization|cookie)"
            r"(['\"]?\s*[:=]\s*)(['\"]?)[^\s'\",;&}]+"
        ),
        rf"\1\2\3{MASK}",
    ),
    # Passwords in the addresses of databases, Redis and mail servers.
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s@/]+(@)", re.IGNORECASE), rf"\1{MASK}\2"),
)


def masked(text: str) -> str:
    """The text without reset links, queries of addresses, tokens and passwords."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def masked_value(value: Any) -> Any:
    """The same in every text inside mappings and lists; other objects as their masked description."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {key: masked_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked_value(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else masked(str(value))


def mask_event(_logger: object, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    """A processor of structlog, the last before the renderer."""
    return {key: masked_value(value) for key, value in event.items()}


def mask_report(event: Any, _hint: object) -> Any:
    """What Sentry calls before it sends an event or keeps a breadcrumb."""
    return masked_value(event)


class MaskingFilter(logging.Filter):
    """For loggers with handlers of their own, such as gunicorn's."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = masked(record.getMessage()), None
        return True
