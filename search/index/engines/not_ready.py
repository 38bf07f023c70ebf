"""What every layer raises where the search cannot answer yet."""

from __future__ import annotations


class NotReady(Exception):
    """The search cannot answer yet; ``command`` is what an operator runs to repair it."""

    def __init__(self, reason: str, command: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.command = command
