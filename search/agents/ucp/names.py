"""What the protocol calls things, and what this shop adds to it under a name of its own."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

VERSION = "2026-04-08"
SERVICE = "dev.ucp.shopping"
SEARCH = "dev.ucp.shopping.catalog.search"
LOOKUP = "dev.ucp.shopping.catalog.lookup"
SPEC = f"https://ucp.dev/{VERSION}"

# As the protocol's schema has it.
_NAME = re.compile(r"[a-z][a-z0-9]*(?:\.[a-z][a-z0-9_]*)+")


def extension(site: str) -> str:
    """The name of the search with pictures: "example.shop.shopping.visual_search" at https://shop.example.

    The protocol wants the domain of whoever specifies an extension. "" for a host of which no name can be
    made, such as one with a label that starts with a digit.
    """
    host = (urlsplit(site).hostname or "").replace("-", "_")
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        host = "localhost"
    name = ".".join([*reversed(host.split(".")), "shopping", "visual_search"])
    return name if _NAME.fullmatch(name) else ""
