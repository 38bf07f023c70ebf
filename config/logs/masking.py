"""Secrets and shoppers' words masked in whatever is logged or reported. The settings import this module."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

MASK = "[masked]"
# Strangers choose the path of a request that is logged, up to 8,190 characters: every rule takes a time that
# grows with the length alone, so none may begin anew at each character of what it cannot match.
_RULES = (
    # The two parts of a link in a reset mail, and the token of its second step; the tokens of alerts' mails.
    (re.compile(r"(/auth/reset/|/alerts/(?:confirm|stop)/)[^\s\"'<>?#]+"), rf"\1{MASK}"),
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (
        re.compile(
            r"(?i)\b((?:new_?)?password|passwd|secret|token|api_?key|access_?token|refresh|authorization|cookie)"
            r"(['\"]?\s*[:=]\s*)(['\"]?)[^\s'\",;&}]+"
        ),
        rf"\1\2\3{MASK}",
    ),
    # API keys (accounts.api_keys).
    (re.compile(r"\btandem_[0-9a-f]{12}_[0-9a-f]{64}"), f"tandem_{MASK}"),
    # Passwords in the addresses of databases, Redis and mail servers.
    (
        re.compile(r"(?<![a-z0-9+.-])([a-z0-9+.-]+://[^\s:/@]*:)[^\s@/]+(@)", re.IGNORECASE),
        rf"\1{MASK}\2",
    ),
)
_TOKEN = re.compile(r"[^\s\"'<>]+")
# Where an address may begin: a path, or the domain of a host.
_ADDRESS = re.compile(r"/|\.[a-z]{2}", re.IGNORECASE)
_RUN = re.compile(r"[\w.-]+")
_SIGNED = re.compile(r"\beyJ[\w-]")


def masked(text: str) -> str:
    """The text without reset links, queries of addresses, tokens and passwords."""
    text = _TOKEN.sub(_without_query, text) if "?" in text else text
    text = _RUN.sub(_without_signed, text) if "eyJ" in text else text
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def _without_query(found: re.Match[str]) -> str:
    """Queries of addresses: searched words, picture ids, keys of feeds. Also percent-encoded, in ``next``."""
    token, parts, at = found[0], [], 0
    while (begins := _ADDRESS.search(token, at)) and (query := token.find("?", begins.start())) >= 0:
        end = token.find("#", query)
        end = len(token) if end < 0 else end
        parts += [token[at : query + 1], MASK if end > query + 1 else ""]
        at = end
    return "".join([*parts, token[at:]])


def _without_signed(found: re.Match[str]) -> str:
    """JSON Web Tokens and signed values: what stands before a dot and after it."""
    run = found[0]
    signed = _SIGNED.search(run, 0, max(0, run.rfind(".", 0, -1)))
    return run if signed is None else run[: signed.start()] + MASK


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
