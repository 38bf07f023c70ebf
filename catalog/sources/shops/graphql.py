"""A shop's GraphQL API at one address: queries, the errors in its answers, and products as nodes of it."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from catalog.sources.base import Offer, Rejected, SourceError, SourceProduct
from catalog.sources.protocols import ShopSource
from catalog.sources.shops.shop_api import CRAWL, LIVE, PublicPictures, RetryPolicy, ShopApi, backoff
from catalog.sources.variants import GONE, offer_among, unreadable

Node = dict[str, Any]


class GraphQLApi:
    """The API of the shop ``name`` at ``url``. ``setting`` names the one that holds the address."""

    def __init__(
        self,
        name: str,
        url: str,
        setting: str,
        *,
        headers: Mapping[str, str],
        secrets: tuple[str, ...] = (),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._setting = setting
        self._headers = headers
        self._api = ShopApi(name, secrets=secrets, pause=pause)

    def query(self, text: str, variables: Mapping[str, Any], policy: RetryPolicy) -> dict[str, Any]:
        """The answer's data, which stands without errors. Raises SourceError."""
        attempt = 1
        while True:
            answer = self._answer({"query": text, "variables": dict(variables)}, policy)
            data, errors = answer.get("data"), answer.get("errors")
            if isinstance(data, dict) and not errors:
                return data
            problem = self._problem(errors)
            if problem.permanent or attempt >= policy.tries:
                raise problem
            self._api.wait(backoff(attempt))
            attempt += 1

    def _answer(self, body: dict[str, Any], policy: RetryPolicy) -> dict[str, Any]:
        reply = self._api.request("POST", self._url, policy=policy, headers=self._headers, body=body)
        if reply.status == 404 or not isinstance(reply.data, dict):
            message = f"There is no {self._api.name} API under {self._setting}."
            raise SourceError(message, permanent=True)
        return reply.data

    def _problem(self, errors: Any) -> SourceError:
        listed = errors if isinstance(errors, list) else [{"message": errors or "no data"}]
        described = [each if isinstance(each, dict) else {"message": each} for each in listed]
        codes = {str((each.get("extensions") or {}).get("code", "")) for each in described}
        messages = "; ".join(str(each.get("message", "")) for each in described)
        return self._api.quoting(
            f"{self._api.name} refused the query: {messages}", permanent=codes != {"INTERNAL_SERVER_ERROR"}
        )


class NodeSource(PublicPictures, ShopSource):
    """A shop whose API gives a product with all its variants as one node."""

    # The shop's system, as messages call it.
    system: str

    def offer(self, external_id: str, style_id: str) -> Offer | None:
        node = self._node(style_id, LIVE)
        return GONE if node is None else offer_among(self._rows(node, 1), external_id)

    def one(self, style_id: str) -> Iterator[SourceProduct | Rejected]:
        node = self._node(style_id, CRAWL)
        if node is not None:
            yield from self._rows(node, 1)

    def _rows(self, node: Node, line: int) -> Iterator[SourceProduct | Rejected]:
        try:
            rows = list(self._products(node, line))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            rows = [unreadable(line, node.get("id"), self.system, error)]
        yield from rows

    @abstractmethod
    def _node(self, style_id: str, policy: RetryPolicy) -> Node | None:
        """The product; None where the shop does not show it (any more)."""

    @abstractmethod
    def _products(self, node: Node, line: int) -> Iterator[SourceProduct | Rejected]:
        """The products of a node, whose parts may lack or be of another type."""
