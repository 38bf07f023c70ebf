"""A log that cannot be written blocks no request: real locks, a read-only database, whole processes."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]

BEGIN = """
import sqlite3, uuid
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from analytics import metrics, recording
from analytics.models import SearchLog
path = settings.DATABASES["default"]["NAME"]

def refuse(execute, sql, params, many, context):
    raise AssertionError(f"the caller's thread asks the database: {sql}")

def record():
    # This thread's connection refuses every statement meanwhile, so recording cannot wait for a lock.
    query_id = uuid.uuid4()
    with connection.execute_wrapper(refuse):
        recording.record_search(recording.SearchRecord(
            query_id=query_id, query_type="text", timestamp=timezone.now(), results_count=3,
            took_ms={"total": 5.0}, track=True, text="red dress"))
        recording.record_click(query_id, "demo-1", 1, None, timezone.now())
"""
LOCKED = """
call_command("migrate", verbosity=0)
holder = sqlite3.connect(path, isolation_level=None, timeout=0)
holder.execute("BEGIN EXCLUSIVE")
for _search in range(50):
    record()
assert not recording.flush(timeout_s=0.3)
holder.execute("ROLLBACK")
assert recording.flush(timeout_s=15)
assert SearchLog.objects.count() == 50, SearchLog.objects.count()
"""
READ_ONLY = """
call_command("migrate", verbosity=0)
connection.close()
recording.write_buffer._pause_s = 0.01
settings.DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA query_only=ON;"
connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA query_only=ON;"
record()
assert recording.flush(timeout_s=15)
assert SearchLog.objects.count() == 0
assert metrics.records_lost.labels("OperationalError")._value.get() == 2
"""
AT_EXIT = """
call_command("migrate", verbosity=0)
record()
"""


def run(tmp_path, code):
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    return subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("blocked", [LOCKED, READ_ONLY], ids=["locked", "read-only"])
def test_recording_never_waits_for_sqlite(tmp_path, blocked):
    done = run(tmp_path, BEGIN + blocked)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_last_search_of_a_process_is_written_when_it_ends(tmp_path):
    assert run(tmp_path, BEGIN + AT_EXIT).returncode == 0
    counted = run(tmp_path, BEGIN + "print('rows', SearchLog.objects.count())")
    assert "rows 1" in counted.stdout, counted.stderr


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_locked_log_table_on_postgresql_blocks_no_request(settings, django_assert_num_queries):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    import uuid

    from django.db import transaction
    from django.utils import timezone

    from analytics import recording
    from analytics.models import SearchLog

    settings.LOG_IN_BACKGROUND = True
    record = recording.SearchRecord(
        query_id=uuid.uuid4(),
        query_type="text",
        timestamp=timezone.now(),
        results_count=3,
        took_ms={"total": 5.0},
        track=True,
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE search_logs IN ACCESS EXCLUSIVE MODE")
        with django_assert_num_queries(0):
            recording.record_search(record)
        assert not recording.flush(timeout_s=0.3)
    assert recording.flush(timeout_s=10)
    assert SearchLog.objects.filter(pk=record.query_id).exists()
    _end_background_connections()


def _end_background_connections():
    """The writer's own connection would keep the test database from being dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
