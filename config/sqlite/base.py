"""The backend that ``DATABASES["default"]["ENGINE"]`` names for SQLite."""

from __future__ import annotations

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

from config.postgresql import waits

# For which a request waits for other writers: SQLite lets them in by chance, not in turn, so that some wait
# for seconds where many write at once.
LOCK_SECONDS = 10.0


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, with cursors that are closed where they fail, and a request's bound on its waits."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if waits.limit() is not None:
            # For the lock of a writer. Commands and tasks have the longer wait of the settings.
            conn_params = conn_params | {"timeout": LOCK_SECONDS}
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)


class Cursor(base.SQLiteCursorWrapper):
    """A cursor that closes itself when the database refuses its statement.

    Django's wrapper around an error refers to itself, so that the cursor would live until some thread
    collects garbage. That thread resets the statement, for which it waits until the connection is free: a
    search then stood still for as long as another request waited for a locked database.
    """

    def execute(self, query: str, params: Any = None) -> Any:
        try:
            return super().execute(query, params)
        except sqlite3.Error:
            self.close()
            raise

    def executemany(self, query: str, param_list: Any) -> Any:
        try:
            return super().executemany(query, param_list)
        except sqlite3.Error:
            self.close()
            raise
