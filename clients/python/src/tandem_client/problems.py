"""Refusals of the shop, as exceptions with a code."""

from __future__ import annotations

from typing import Any

import httpx


class TandemProblem(Exception):
    """A refusal (RFC 9457). Decide by ``code``; ``str()`` is for people, in the language of the client.

    ``errors`` has the codes and sentences by field, where fields are to blame. ``retry_after`` is in seconds,
    for 429 and 503. The codes of this version are in ``tandem_client.CODES``; a shop may have further ones.
    """

    def __init__(self, response: httpx.Response) -> None:
        problem = _problem_in(response)
        super().__init__(problem.get("detail") or f"The shop answered {response.status_code}.")
        self.status = response.status_code
        self.code: str = problem.get("code", "unknown")
        self.errors: dict[str, list[dict[str, str]]] = problem.get("errors", {})
        wait = response.headers.get("Retry-After", "")
        self.retry_after = int(wait) if wait.isdigit() else None


def _problem_in(response: httpx.Response) -> dict[str, Any]:
    """The problem's members; none where a proxy in between answered with a page of its own."""
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
