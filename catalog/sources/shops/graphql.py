"""A shop's GraphQL API at one address: queries, and the errors in its answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from catalog.sources.base import SourceError
from catalog.sources.shops.shop_api import RetryPolicy, ShopApi, backoff


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
