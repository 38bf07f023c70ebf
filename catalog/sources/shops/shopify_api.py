"""Shopify's GraphQL Admin API: keys, throttling and errors (docs/shops.md)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from catalog.sources.base import SourceError
from catalog.sources.shops.shop_api import CRAWL, Refused, Reply, RetryPolicy, ShopApi, backoff

# Shopify publishes a version each quarter and keeps each for a year. Every field of the queries is in its
# reference: https://shopify.dev/docs/api/admin-graphql/2026-07
API_VERSION, API_VERSION_ENDS = "2026-07", date(2027, 7, 1)
# Tokens exchanged for an app's id and secret are valid for a day, of which a crawl may take hours.
RENEW_SECONDS = 4 * 3600

# Kept in this process alone, by shop and app: (token, when to renew it by time.monotonic()).
_tokens: dict[tuple[str, str], tuple[str, float]] = {}


@dataclass(frozen=True)
class ShopifyKeys:
    """A permanent ``token``, or an app's id and secret to exchange for one."""

    token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)


class QueryTooCostly(SourceError):
    """The query costs more than Shopify allows for one, whatever the budget."""


class ShopifyApi:
    """The API at ``address`` ("https://name.myshopify.com")."""

    def __init__(
        self, address: str, keys: ShopifyKeys, *, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._address = address
        self._keys = keys
        self._api = ShopApi("Shopify", secrets=(keys.token, keys.client_secret), pause=pause)
        # Seconds until the budget covers such a query again. Crawls wait before they query, which leaves a
        # rest of the budget for live offers.
        self._due = 0.0

    def query(self, text: str, variables: dict[str, Any], policy: RetryPolicy) -> dict[str, Any]:
        """The answer's data, complete and after waiting where Shopify throttles. Raises SourceError."""
        if policy is CRAWL:
            self._api.wait(self._due)
        attempt = 1
        while True:
            answer = self._answer({"query": text, "variables": variables}, policy)
            data, errors = answer.get("data"), answer.get("errors")
            if isinstance(data, dict) and not errors:
                self._due = _restored_in(answer)
                return data
            problem = self._problem(errors)
            if problem.permanent or attempt >= policy.tries:
                raise problem
            self._api.wait(max(backoff(attempt), _restored_in(answer)))
            attempt += 1

    def wait(self, seconds: float) -> None:
        self._api.wait(seconds)

    def _answer(self, body: dict[str, Any], policy: RetryPolicy) -> dict[str, Any]:
        held = (self._address, self._keys.client_id) in _tokens
        try:
            reply = self._post(body, policy)
        except Refused:
            # Rotating an app's secret ends its tokens before their time.
            if _tokens.pop((self._address, self._keys.client_id), None) is None or not held:
                raise
            reply = self._post(body, policy)
        if reply.status == 404:
            raise SourceError("There is no Shopify shop of the name in SHOPIFY_SHOP.", permanent=True)
        if not isinstance(reply.data, dict):
            raise SourceError("Shopify did not answer with an object.", permanent=False)
        return reply.data

    def _post(self, body: dict[str, Any], policy: RetryPolicy) -> Reply:
        url = f"{self._address}/admin/api/{API_VERSION}/graphql.json"
        headers = {"X-Shopify-Access-Token": self._token(policy)}
        return self._api.request("POST", url, policy=policy, headers=headers, body=body)

    def _token(self, policy: RetryPolicy) -> str:
        """The permanent token, or one exchanged for the app's secret and not yet due to be renewed."""
        if self._keys.token:
            return self._keys.token
        token, renewed_at = _tokens.get((self._address, self._keys.client_id), ("", 0.0))
        return token if token and time.monotonic() < renewed_at else self._exchange(policy)

    def _exchange(self, policy: RetryPolicy) -> str:
        body = {
            "grant_type": "client_credentials",
            "client_id": self._keys.client_id,
            "client_secret": self._keys.client_secret,
        }
        try:
            reply = self._api.request(
                "POST", f"{self._address}/admin/oauth/access_token", policy=policy, body=body
            )
        except SourceError as error:
            if error.permanent:
                message = (
                    "Shopify gave no token for SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET. Are they right, "
                    "and is the app installed in a shop of the same organisation?"
                )
                raise SourceError(message, permanent=True) from error
            raise
        token = reply.data.get("access_token") if isinstance(reply.data, dict) else None
        if not isinstance(token, str) or not token:
            raise SourceError("Shopify gave no token for the app's id and secret.", permanent=True)
        lifetime = float(reply.data.get("expires_in") or 0)
        _tokens[self._address, self._keys.client_id] = token, time.monotonic() + lifetime - RENEW_SECONDS
        return token

    def _problem(self, errors: Any) -> SourceError:
        """The error that a GraphQL answer's errors amount to; data beside them is not used."""
        unlisted = [{"message": str(errors or "no data")}]
        listed: list[dict[str, Any]] = errors if isinstance(errors, list) else unlisted
        codes = {str((error.get("extensions") or {}).get("code", "")) for error in listed}
        messages = "; ".join(str(error.get("message", "")) for error in listed)
        if "THROTTLED" in codes:
            return SourceError("Shopify throttles: its budget for queries is used up.", permanent=False)
        if "MAX_COST_EXCEEDED" in codes:
            return QueryTooCostly("Shopify finds the query for one product too costly.", permanent=True)
        if "ACCESS_DENIED" in codes:
            message = f"The Shopify app lacks a scope (it needs read_products): {messages}"
            return self._api.quoting(message, permanent=True)
        return self._api.quoting(
            f"Shopify refused the query: {messages}", permanent=codes != {"INTERNAL_SERVER_ERROR"}
        )


def _restored_in(answer: dict[str, Any]) -> float:
    """Seconds until the budget covers the same query again."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus")
    if not status:
        return 0.0
    missing = float(cost.get("requestedQueryCost") or 0) - float(status["currentlyAvailable"])
    return max(0.0, missing / max(1.0, float(status["restoreRate"])))
