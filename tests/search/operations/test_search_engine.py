"""What the doctor says of where vectors lie."""

import pytest

from search.index.engines.milvus import connection
from search.index.engines.not_ready import NotReady
from search.operations.search_engine import search_engine

pytestmark = pytest.mark.django_db


def test_vectors_of_this_process_need_nothing(shop):
    (finding,) = search_engine()
    assert not finding.fix


def test_a_server_that_does_not_answer_is_wrong(shop, settings, monkeypatch):
    def refuse():
        raise NotReady("Milvus does not answer.", "manage.py doctor")

    settings.SEARCH_ENGINE = "milvus"
    monkeypatch.setattr(connection, "server_version", refuse)
    (finding,) = search_engine()
    assert "MILVUS_ADDRESS" in finding.fix


def test_a_client_that_is_missing_is_to_be_installed(shop, settings, monkeypatch):
    def refuse():
        raise NotReady("Its client is not installed.", "pip install -r requirements-milvus.txt")

    settings.SEARCH_ENGINE = "milvus"
    monkeypatch.setattr(connection, "server_version", refuse)
    (finding,) = search_engine()
    assert "requirements-milvus.txt" in finding.fix


def test_an_index_of_another_engine_is_to_be_built_anew(shop, settings, monkeypatch):
    settings.SEARCH_ENGINE, settings.MILVUS_ADDRESS = "milvus", "http://milvus:19530"
    monkeypatch.setattr(connection, "server_version", lambda: "2.3.5")
    answers, other = search_engine()
    assert "2.3.5" in answers.sentence
    assert "reindex" in other.fix
