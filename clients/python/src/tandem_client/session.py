"""Who asks: a Bearer token that is refreshed once where it has expired, and an API key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import httpx

from tandem_client.problems import TandemProblem

REFRESH = "/api/v1/auth/refresh"
OF_EVERY_REQUEST = ("Accept-Language", "X-API-Key")


@dataclass(frozen=True)
class Tokens:
    """The pair of a sign-in; ``refresh`` is valid once."""

    access: str
    refresh: str


class Session(httpx.Auth):
    """Credentials of every request; ``on_tokens`` gets each new pair, and None once it is of no use."""

    requires_response_body = True

    def __init__(
        self, base_url: str, tokens: Tokens | None, on_tokens: Callable[[Tokens | None], None] | None
    ) -> None:
        self.tokens = tokens
        self._refresh_url = base_url.rstrip("/") + REFRESH
        self._on_tokens = on_tokens
        # Threads whose requests expire together share one exchange.
        self._exchanging = threading.RLock()

    def keep(self, tokens: Tokens | None) -> None:
        self.tokens = tokens
        if self._on_tokens is not None:
            self._on_tokens(tokens)

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        used = self.tokens
        if used is None:
            yield request
            return
        response = yield _signed(request, used)
        code = TandemProblem(response).code if response.status_code == 401 else ""
        if code == "token_invalid":
            # Ended elsewhere: by a new password, or by signing out everywhere.
            with self._exchanging:
                if self.tokens is used:
                    self.keep(None)
        if code != "token_expired":
            return
        with self._exchanging:
            if self.tokens is used:
                self._exchanged((yield self._exchange(request, used)))
        if self.tokens is not None and self.tokens is not used:
            yield _signed(request, self.tokens)

    def _exchange(self, request: httpx.Request, used: Tokens) -> httpx.Request:
        own = {name: request.headers[name] for name in OF_EVERY_REQUEST if name in request.headers}
        # The extensions hold the timeout.
        return httpx.Request(
            "POST",
            self._refresh_url,
            json={"refresh": used.refresh},
            headers=own,
            extensions=request.extensions,
        )

    def _exchanged(self, response: httpx.Response) -> None:
        if response.is_success:
            pair: dict[str, Any] = response.json()
            self.keep(Tokens(pair["access"], pair["refresh"]))
        elif response.status_code == 401:
            # Only a refusal ends the sign-in: a shop that is busy may take the token later.
            self.keep(None)


def _signed(request: httpx.Request, tokens: Tokens) -> httpx.Request:
    request.headers["Authorization"] = f"Bearer {tokens.access}"
    return request


class RaisingClient(httpx.Client):
    """Raises TandemProblem for what is refused after all, also under the generated functions."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        response = super().send(request, **options)
        if response.is_error:
            response.read()
            raise TandemProblem(response)
        return response
