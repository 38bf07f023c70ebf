"""What the responses of all operations have in common: the envelope, and messages."""

from __future__ import annotations

from django.utils.translation import gettext as _

from catalog.display.currency import shop_currency
from search.agents.ucp.names import VERSION
from search.agents.ucp.platforms import Platform
from search.agents.ucp.products import Document
from search.agents.ucp.profile import capabilities
from search.agents.ucp.requests import FilteredSerializer


def envelope(platform: Platform, site: str, capability: str, *, status: str = "success") -> Document:
    """The ``ucp`` member of a response: of what both sides can do, what has to do with this operation."""
    stated = capabilities(site)
    relevant = [
        name
        for name in stated
        if name in platform.shared and capability in (name, stated[name][0].get("extends"))
    ]
    return {
        "version": VERSION,
        "status": status,
        "capabilities": {name: [{"version": VERSION}] for name in relevant},
    }


def error(platform: Platform, site: str, capability: str, code: str, content: str) -> Document:
    """A response that says why there is nothing: an outcome, not a failure of the transport."""
    message = {"type": "error", "code": code, "content": content, "severity": "unrecoverable"}
    return {"ucp": envelope(platform, site, capability, status="error"), "messages": [message]}


def currency_of(asked: FilteredSerializer) -> tuple[str, list[Document]]:
    """The shop's currency where prices are filtered in it, else "", and what to say about the filters."""
    messages = [
        warning("filter_ignored", _("This shop has no filter %(name)s.") % {"name": name[:100]})
        for name in asked.ignored_filters
    ]
    if not asked.validated_data["filters"].get("price"):
        return "", messages
    ours = shop_currency()
    if asked.price_currency in ("", ours):
        return ours, messages
    sentence = _("Prices are not converted: filter by them in %(currency)s.") % {"currency": ours}
    return "", [*messages, warning("price_filter_ignored", sentence)]


def warning(code: str, content: str) -> Document:
    return {"type": "warning", "code": code, "content": content}


def with_messages(response: Document, messages: list[Document]) -> Document:
    return response | ({"messages": messages} if messages else {})
