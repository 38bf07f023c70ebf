"""The probes for load balancers and operators."""

import pytest
from django.db import OperationalError

from search import engine
from search.encoding.errors import EncoderError
from search.index.reindex import reindex
from search.operations import readiness as checks
from tests.search.shop import NOW


def test_a_live_process_says_so_without_a_database(client):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_with_database_encoder_and_index(client, shop):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "encoder": "ok", "index": "ok"}


@pytest.mark.django_db
def test_without_an_index_it_names_the_command(client, colour_encoder):
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "reindex" in answer.json()["checks"]["index"]


def test_an_index_of_another_model_is_not_ready(client, shop, colour_encoder):
    colour_encoder.fingerprint = "0" * 64
    assert "reindex" in client.get("/readyz").json()["checks"]["index"]


@pytest.mark.django_db
def test_a_model_that_cannot_load_is_the_reason(client, colour_encoder, monkeypatch):
    def fail():
        raise EncoderError("The folder holds no model.")

    monkeypatch.setattr(checks, "_failure", None)
    monkeypatch.setattr(engine, "encoder", fail)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "no model" in answer.json()["checks"]["encoder"]


@pytest.mark.parametrize(
    ("said", "advice"), [("connection refused", "DATABASE_URL"), ("disk I/O error", "Is the disk full")]
)
def test_a_database_that_does_not_answer_is_the_reason(client, shop, monkeypatch, said, advice):
    def fail(*args):
        raise OperationalError(said)

    with monkeypatch.context() as patch:
        patch.setattr("config.health.connection.cursor", fail)
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert advice in answer.json()["checks"]["database"]
    assert said not in answer.json()["checks"]["database"]


def test_a_damaged_version_is_a_warning_while_an_older_one_serves(client, shop, colour_encoder):
    reindex(encoder=colour_encoder, store=engine.store(), now=NOW.replace(hour=15), force=True)
    newest = max((engine.store().root / "versions").iterdir())
    (newest / "vectors.npy").write_bytes(b"damaged")
    engine.forget()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["notices"]["index"]
