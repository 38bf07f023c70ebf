"""Every product of a large Shopify shop from one file, which Shopify writes in a bulk operation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain, repeat
from typing import Any

from catalog.fetching import open_url
from catalog.sources.base import SourceError
from catalog.sources.shops.shop_api import CRAWL
from catalog.sources.shops.shopify_api import ShopifyApi
from catalog.sources.shops.shopify_queries import BULK_PRODUCTS, BULK_RUN, BULK_STATE

# Some thousand products take a minute; a hundred thousand, about half an hour.
POLL_SECONDS, LONGEST_POLL = (1, 2, 4, 8, 15), 30
MAX_POLLS = 480
MAX_BYTES = 4 * 2**30
DOWNLOAD_SECONDS = 3600
MAX_LINE = 16 * 2**20

Node = dict[str, Any]


class BulkUnavailable(SourceError):
    """Shopify does not carry the operation out, such as while another one runs; pages can still be read."""


def bulk_products(api: ShopifyApi) -> Iterator[Node]:
    """Active products by id, in the form of a page's nodes, with all their variants.

    Raises BulkUnavailable before the first one, SourceError also later.
    """
    operation = _finished(api, _started(api))
    if operation["url"] is None:  # Shopify writes no file where nothing was found
        return
    yield from _grouped(_lines(str(operation["url"]), int(operation["objectCount"])))


def _started(api: ShopifyApi) -> str:
    answer = api.query(BULK_RUN, {"query": BULK_PRODUCTS}, CRAWL)["bulkOperationRunQuery"]
    if answer["userErrors"] or not answer["bulkOperation"]:
        reasons = "; ".join(str(error["message"]) for error in answer["userErrors"])
        raise BulkUnavailable(f"Shopify started no bulk operation: {reasons}", permanent=False)
    return str(answer["bulkOperation"]["id"])


def _finished(api: ShopifyApi, number: str) -> Node:
    """The operation once it is completed."""
    waits = chain(POLL_SECONDS, repeat(LONGEST_POLL, MAX_POLLS))
    for seconds in waits:
        api.wait(seconds)
        operation = api.query(BULK_STATE, {"id": number}, CRAWL)["bulkOperation"]
        status = operation["status"] if operation else "EXPIRED"
        if status == "COMPLETED":
            return dict(operation)
        if status not in ("CREATED", "RUNNING"):
            reason = (operation or {}).get("errorCode") or status
            raise BulkUnavailable(f"Shopify ended the bulk operation: {reason}.", permanent=False)
    raise BulkUnavailable("Shopify's bulk operation takes hours.", permanent=False)


def _lines(url: str, expected: int) -> Iterator[Node]:
    """The file's objects. Raises SourceError where it has fewer than Shopify counted: it was cut off."""
    count, rest = 0, b""
    # The address is what Shopify answered, so it is fetched under the rules for any address from outside.
    with open_url(url, max_bytes=MAX_BYTES, seconds=DOWNLOAD_SECONDS) as answer:
        for chunk in chain(answer.chunks(), [b"\n"]):
            *complete, rest = (rest + chunk).split(b"\n")
            if len(rest) > MAX_LINE:
                raise SourceError("Shopify's bulk file has a line that is too long.", permanent=True)
            for line in filter(None, complete):
                count += 1
                yield _object(line)
    if count < expected:
        message = f"Shopify's bulk file holds {count:,} of {expected:,} objects."
        raise SourceError(message, permanent=False)


def _object(line: bytes) -> Node:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise SourceError("Shopify's bulk file is not in JSON.", permanent=False) from error
    if not isinstance(data, dict):
        raise SourceError("Shopify's bulk file has a line that is no object.", permanent=False)
    return data


def _grouped(lines: Iterable[Node]) -> Iterator[Node]:
    """Products with the variants and pictures whose ``__parentId`` names them or a variant of theirs."""
    product: Node | None = None
    owners: dict[str, Node] = {}
    for line in lines:
        parent = line.pop("__parentId", None)
        if parent is None:
            if product is not None:
                yield product
            product = _with_lists(line)
            product["variants"] = {"nodes": [], "pageInfo": {"hasNextPage": False}}
            owners = {line["id"]: product}
        elif parent not in owners:
            raise SourceError("Shopify's bulk file is not grouped by product.", permanent=False)
        elif "selectedOptions" in line:
            owners[parent]["variants"]["nodes"].append(_with_lists(line))
            owners[line["id"]] = line
        else:
            owners[parent]["media"]["nodes"].append(line)
    if product is not None:
        yield product


def _with_lists(node: Node) -> Node:
    node["media"] = {"nodes": []}
    return node
