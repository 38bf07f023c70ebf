"""Asks the API as a client does that pages through an answer by its query_id."""

import json

CLICK = "/api/v1/events/click"


def post(client, path, body, **extra):
    return client.post(path, json.dumps(body), content_type="application/json", **extra)


def ask(client, name="recommend", /, headers=None, **body):
    return post(client, f"/api/v1/{name}", body, **(headers or {}))


def ids(answer):
    return [hit["product"]["id"] for hit in answer["results"]]


def rest(client, first, headers=None, name="recommend", between=lambda: None):
    """The ids of all further pages by query_id; ``between`` happens before each."""
    found, offset = [], first["next_offset"]
    while offset is not None:
        between()
        page = ask(client, name, headers, query_id=first["query_id"], offset=offset).json()
        assert (page["query_id"], page["total"]) == (first["query_id"], first["total"])
        found += ids(page)
        offset = page["next_offset"]
    return found
