"""A new process loads model and index by itself and answers its probes meanwhile."""

import subprocess
import sys
import threading

import pytest
from django.db import DatabaseError

from config import gunicorn
from search import engine
from search.index.columns import store as columns
from search.operations import expiry, warm_up
from search.operations.readiness import index_problem


@pytest.fixture
def paused(monkeypatch, shop):
    """A warm-up that waits in the middle until the event that this yields is set."""
    go_on, snapshot = threading.Event(), engine.snapshot

    def wait():
        assert go_on.wait(60)
        return snapshot()

    monkeypatch.setattr(engine, "snapshot", wait)
    yield go_on
    go_on.set()


@pytest.fixture
def without_closing(monkeypatch):
    """Called in a test's own thread, the warm-up would close the connection of the test."""
    monkeypatch.setattr(warm_up, "connections", type("Nothing", (), {"close_all": lambda: None}))


def test_afterwards_a_search_loads_nothing_more(
    shop, without_closing, django_assert_num_queries, monkeypatch
):
    # On a busy machine the second until the columns are checked again may pass in between.
    monkeypatch.setattr(columns, "CHECK_SECONDS", 3600.0)
    engine.forget()
    warm_up.warm_up()
    with django_assert_num_queries(0):
        assert len(engine.snapshot().index) == len(shop)


def test_while_it_runs_the_process_is_alive_but_not_ready(client, paused):
    thread = warm_up.in_background()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "being loaded" in answer.json()["checks"]["encoder"]
    assert "being loaded" in answer.json()["checks"]["index"]
    paused.set()
    thread.join(60)
    assert not warm_up.in_progress()


def test_once_it_is_done_the_process_is_ready(client, shop, without_closing):
    warm_up.warm_up()
    assert client.get("/readyz").status_code == 200


def test_an_index_of_other_weights_is_told_from_one_of_another_model(shop, settings, monkeypatch):
    settings.CLIP_MODEL = engine.store().current().manifest.model
    assert index_problem(with_encoder=True) is None
    monkeypatch.setattr(engine.encoder(), "fingerprint", "0" * 64)
    assert "made by other weights of the model" in index_problem(with_encoder=True)
    settings.CLIP_MODEL = "another"
    assert "weights" not in index_problem(with_encoder=True)


def fails(error):
    def fail():
        raise error

    return fail


def test_a_model_that_cannot_be_loaded_is_logged_with_its_remedy(monkeypatch, caplog, without_closing):
    monkeypatch.setattr(engine, "snapshot", fails(engine.NotReady("No model.", "manage.py doctor")))
    warm_up.warm_up()
    assert "No model. Run `manage.py doctor`." in caplog.text
    assert not warm_up.in_progress()


def test_a_database_that_is_away_is_logged(monkeypatch, caplog, without_closing):
    monkeypatch.setattr(engine, "snapshot", fails(DatabaseError("refused")))
    warm_up.warm_up()
    assert "database does not answer (refused)" in caplog.text
    assert not warm_up.in_progress()


def test_every_worker_of_gunicorn_warms_up_and_prunes(monkeypatch):
    started = []
    monkeypatch.setattr(warm_up, "in_background", lambda: started.append("warm-up"))
    monkeypatch.setattr(expiry, "in_background", lambda: started.append("prune"))
    gunicorn.post_worker_init(object())
    assert started == ["warm-up", "prune"]


@pytest.mark.slow
def test_pages_and_commands_load_without_the_libraries_of_the_model():
    """They take seconds to import, which no probe and no ``manage.py migrate`` should wait for."""
    code = (
        "import sys; from config.wsgi import application; import config.urls; "
        "print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout.strip() == "[]"
