"""Several searches in one call: each answered, refused and counted for itself."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from search.api.multi import MAX_QUERIES
from tests.problems import fields_of
from tests.search.shop import all_taken
from tests.search.test_api import ids, post

pytestmark = pytest.mark.django_db


def multi(client, *queries, **extra):
    body = json.dumps({"queries": queries})
    return client.post("/api/v1/multi-search", body, content_type="application/json", **extra)


def statuses(answer):
    assert answer.status_code == 200, answer.content
    return [result["status"] for result in answer.json()["results"]]


def test_each_query_gets_what_recommend_answers(client, shop):
    queries = [
        {"text": "red dress"},
        {"image_id": f"product:{shop[0].product_id}", "text": "bag", "weight": 0.3},
        {"text": "boots", "colour": ["Green"], "sort": "-price", "top_k": 2},
    ]
    answers = multi(client, *queries)
    assert statuses(answers) == [200, 200, 200]
    for query, result in zip(queries, answers.json()["results"], strict=True):
        alone = post(client, "recommend", **query)
        assert [hit["product"]["id"] for hit in result["answer"]["results"]] == ids(alone)
        assert result["answer"]["total"] == alone.json()["total"]
        assert set(result["answer"]) == set(alone.json())
        assert set(result) == {"status", "answer"}


def test_a_query_that_is_refused_spoils_no_other_one(client, shop):
    answers = multi(
        client,
        {"text": "red", "color": "Red"},
        {},
        "red",
        {"text": "red", "like": ["gone-1"]},
        {"image_id": "gone"},
        {"query_id": "0b6cbd2c-93d2-4f11-8b41-8d4f6b1a7c11"},
        {"text": "red"},
    )
    assert statuses(answers) == [400, 400, 400, 404, 404, 410, 200]
    problems = [result["problem"] for result in answers.json()["results"][:-1]]
    assert [problem["code"] for problem in problems] == [
        "invalid", "invalid", "invalid", "product_unknown", "image_unknown", "answer_expired",
    ]  # fmt: skip
    assert problems[0]["errors"]["color"][0]["code"] == "unknown_field"


def test_a_page_of_an_earlier_answer_is_one_of_the_queries(client, shop):
    first = post(client, "recommend", text="dress", top_k=3).json()
    answers = multi(client, {"query_id": first["query_id"], "offset": 3}, {"text": "bag"})
    page = post(client, "recommend", query_id=first["query_id"], offset=3)
    assert [hit["product"]["id"] for hit in answers.json()["results"][0]["answer"]["results"]] == ids(page)


@pytest.mark.parametrize(
    "body",
    ["[]", "{}", '{"queries": []}', '{"queries": {"text": "red"}}', '{"queries": "red"}', '{"query": [{}]}'],
)
def test_a_call_without_queries_is_refused_as_a_whole(client, shop, body):
    answer = client.post("/api/v1/multi-search", body, content_type="application/json")
    assert answer.status_code == 400
    assert "queries" in fields_of(answer)


def test_more_queries_than_allowed_are_refused_as_a_whole(client, shop):
    assert multi(client, *[{"text": "red"}] * (MAX_QUERIES + 1)).status_code == 400
    assert statuses(multi(client, *[{"text": "red"}] * MAX_QUERIES)) == [200] * MAX_QUERIES


def test_each_query_counts_and_those_beyond_the_budget_are_refused_alone(client, shop, settings):
    settings.RATE_LIMIT = "5/m"
    first = multi(client, *[{"text": "red"}] * 3)
    assert statuses(first) == [200] * 3
    assert first["RateLimit"].startswith('"api";r=2')
    answer = multi(client, *[{"text": "red"}] * 4)
    assert statuses(answer) == [200, 200, 429, 429]
    refused = answer.json()["results"][2]
    assert (refused["problem"]["code"], refused["retry_after"] > 0) == ("too_many_requests", True)
    assert multi(client, {"text": "red"}).status_code == 429


def test_without_an_index_the_whole_call_is_refused(client, db, colour_encoder):
    answer = multi(client, {"text": "red"}, {"text": "blue"})
    assert (answer.status_code, answer.json()["code"], bool(answer["Retry-After"])) == (
        503,
        "not_ready",
        True,
    )


def test_a_query_that_finds_no_place_is_told_when_to_come_again(client, shop, monkeypatch):
    monkeypatch.setattr("search.admission.WAIT_SECONDS", 0.01)
    post(client, "recommend", text="red")
    from search import admission

    with all_taken(admission.inferences):
        answer = multi(client, {"text": "red"}, {"text": "a word that nobody asked"})
    assert statuses(answer) == [200, 503]
    assert answer.json()["results"][1]["retry_after"] == 2


def test_a_fault_of_ours_is_not_hidden_in_a_result(client, shop, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("search.api.asking.search", lambda *_args, **_options: 1 / 0)
    assert multi(client, {"text": "red"}).status_code == 500


def test_the_work_grows_with_the_queries_alone(client, shop):
    texts = ["red dress", "green bag", "blue boots", "red shirt", "green dress", "blue bag"]

    def count(asked):
        with CaptureQueriesContext(connection) as queries:
            assert set(statuses(multi(client, *({"text": text, "top_k": 40} for text in asked)))) == {200}
        return len(queries)

    count(texts)
    assert count(texts) - count(texts[:3]) <= 3 * 5
