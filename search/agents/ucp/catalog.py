"""The operations of the catalogue by name, as REST and the Model Context Protocol call them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from search.agents.addresses import site
from search.agents.ucp.looking_up import get_product, lookup_catalog
from search.agents.ucp.names import LOOKUP, SEARCH
from search.agents.ucp.platforms import Incompatible, Platform, platform
from search.agents.ucp.products import Document
from search.agents.ucp.responses import error
from search.agents.ucp.searching import search_catalog


@dataclass(frozen=True)
class Operation:
    """``run`` takes the request, the platform, this site's address and the payload."""

    capability: str
    run: Callable[[HttpRequest, Platform, str, Document], Document]


OPERATIONS = {
    "search_catalog": Operation(SEARCH, search_catalog),
    "lookup_catalog": Operation(LOOKUP, lookup_catalog),
    "get_product": Operation(LOOKUP, get_product),
}


def carry_out(name: str, request: HttpRequest, payload: Document, *, profile_url: str) -> Document:
    """The response of an operation for the platform with this profile.

    Raises PlatformRefused, TooManyIds, and what the API refuses.
    """
    operation, here = OPERATIONS[name], site(request)
    asking = platform(profile_url, here)
    try:
        asking.require(operation.capability)
    except Incompatible:
        sentence = _("Your platform's profile does not have %(name)s in a version of this shop's.")
        content = sentence % {"name": operation.capability}
        refused = error(asking, here, operation.capability, "capabilities_incompatible", content)
        return refused | {"continue_url": f"{here}/"}
    return operation.run(request, asking, here, payload)
