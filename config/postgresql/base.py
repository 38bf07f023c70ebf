"""The backend that ``DATABASES["default"]["ENGINE"]`` names for PostgreSQL."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base

from config.postgresql import waits


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with the waits of ``config.postgresql.waits``."""

    Database = SimpleNamespace(**(vars(psycopg) | {"connect": waits.BoundedConnection.connect}))  # type: ignore[assignment]  # used as the module is

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if waits.limit() is None:
            return super().get_new_connection(conn_params)
        with waits.outage.attempt():
            return super().get_new_connection(conn_params)

    def init_connection_state(self) -> None:
        super().init_connection_state()
        if (seconds := waits.limit()) is not None:
            # Else the server would go on with a statement after its client has given up.
            milliseconds = max(1, int((seconds - waits.CANCEL_SECONDS) * 1000))
            with self.connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = {milliseconds}")

    def is_usable(self) -> bool:
        """Whether a kept connection answers; in a request, within a fraction of a second."""
        if waits.limit() is None:
            return bool(super().is_usable())
        with waits.limited(waits.PROBE_SECONDS):
            return bool(super().is_usable())
