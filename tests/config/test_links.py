"""The document's links: they name what exists, and whoever follows one is answered."""

import json
from pathlib import Path

import pytest

from accounts.models import User
from config.api.links import LINKS
from tests.accounts.helpers import bearer

pytestmark = pytest.mark.django_db
PATHS = json.loads((Path(__file__).parents[2] / "clients/openapi.json").read_text())["paths"]
OPERATIONS = {
    each["operationId"]: (path, way, each) for path, ways in PATHS.items() for way, each in ways.items()
}
FOLLOWED = [(name, link) for name in ("recommend", "searchByText", "listProducts") for link in LINKS[name]]
# Of an answer to a picture; tests/clients deletes one by its id.
FOLLOWED.remove(("recommend", "DeletePicture"))


def given(asked, answer):
    """The value of a runtime expression of OpenAPI, or of whatever holds some."""
    if isinstance(asked, dict):
        return {name: given(value, answer) for name, value in asked.items()}
    if not isinstance(asked, str):
        return asked
    found = answer
    for step in asked.removeprefix("$response.body#/").split("/"):
        found = found[int(step) if isinstance(found, list) else step]
    return found


def follow(client, link, answer, **person):
    path, way, _operation = OPERATIONS[link["operationId"]]
    parameters = given(link.get("parameters", {}), answer)
    if "requestBody" in link:
        body = json.dumps(given(link["requestBody"], answer))
        return client.post(path, body, content_type="application/json", **person)
    query = {name: value for name, value in parameters.items() if f"{{{name}}}" not in path}
    address = path.format(**parameters)
    return client.get(address, query, **person) if way == "get" else getattr(client, way)(address, **person)


def test_links_name_operations_and_their_parameters():
    for links in LINKS.values():
        for link in links.values():
            _path, _way, operation = OPERATIONS[link["operationId"]]
            known = {each["name"] for each in operation.get("parameters", ())}
            assert link.get("parameters", {}).keys() <= known


def test_every_operation_with_links_has_them_in_the_document():
    written = {
        name
        for name, (_path, _way, operation) in OPERATIONS.items()
        if any("links" in response for response in operation["responses"].values())
    }
    assert written == LINKS.keys()


@pytest.mark.parametrize(("operation", "name"), FOLLOWED, ids=map("-".join, FOLLOWED))
def test_a_link_leads_on(client, shop, operation, name):
    me = bearer(User.objects.create_user("ada@example.com", "seven green umbrellas"))
    path, way, _operation = OPERATIONS[operation]
    if way == "get":
        answer = client.get(path, {"top_k": 1}, **me)
    else:
        asked = json.dumps({"text": "dress", "top_k": 1})
        answer = client.post(path, asked, content_type="application/json", **me)
    followed = follow(client, LINKS[operation][name], answer.json(), **me)
    assert followed.status_code < 300, followed.content
