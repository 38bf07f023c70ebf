"""A platform that asks for the catalogue, and what its answers hold."""

from search.agents.ucp.names import LOOKUP, SEARCH, VERSION

PLATFORM = "https://platform.example/profile.json"
EXTENSION = "testserver.shopping.visual_search"


def platform_profile(version=VERSION, names=(SEARCH, LOOKUP, EXTENSION)):
    stated = {name: [{"version": version, "spec": "x", "schema": "x"}] for name in names}
    return {"ucp": {"version": version, "services": {}, "capabilities": stated, "payment_handlers": {}}}


def ids(answer):
    return [product["id"] for product in answer["products"]]


def codes(answer):
    return [message["code"] for message in answer.get("messages", [])]
