"""Which requests of htmx want a fragment of a page."""

from __future__ import annotations

from typing import Any


def wants_fragment(request: Any) -> bool:
    """Whether to render a fragment; a page that htmx restores from history is rendered whole.

    ``request`` has passed django-htmx's middleware, which its type does not show.
    """
    return bool(request.htmx) and not request.htmx.history_restore_request
