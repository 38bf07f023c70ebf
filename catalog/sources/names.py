"""The names of sources: which are possible, and which the API keeps for what it is sent."""

from __future__ import annotations

import re

SOURCE_NAME = re.compile(r"[a-z0-9_]{1,40}")
# What the API writes is no feed's, so that no crawl takes it for vanished.
API_SOURCE = re.compile(r"api(_[a-z0-9_]{1,36})?")
API = "api"


def is_of_api(name: str) -> bool:
    return API_SOURCE.fullmatch(name) is not None
