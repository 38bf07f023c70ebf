"""A statement that waits for a lock for too long, on a PostgreSQL that answers."""

import pytest
from django.db import OperationalError, connection

from config.postgresql import waits


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_the_server_cancels_it_before_the_client_gives_the_connection_up(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    monkeypatch.setattr(waits, "outage", waits.Outage())
    connection.close()
    try:
        with waits.limited(4.0), connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("3500ms",)
            with pytest.raises(OperationalError, match="statement timeout"):
                cursor.execute("SELECT pg_sleep(60)")
            assert not waits.outage.is_open
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)
    finally:
        connection.close()
