"""Clients that four generators make of the OpenAPI document do every operation of a served shop."""

import os

import pytest

from tests.clients import tools
from tests.real_shops.servers import require_node, run

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    """The folder with the three scenarios in TypeScript, generated, type-checked and bundled."""
    require_node()
    folder = tools.node_project("generators", tmp_path_factory.mktemp("generators"))
    for script in ("generate", "types", "build"):
        tools.npm(script, folder)
    return folder / "build"


def test_linters_find_nothing_in_the_document(tmp_path):
    """Redocly's recommended-strict, and spectral:oas with its hints."""
    require_node()
    tools.npm("lint", tools.node_project("generators", tmp_path), REDOCLY_TELEMETRY="off")


@pytest.mark.parametrize("generator", ["openapi_fetch", "hey_api", "orval"])
def test_a_typescript_client_does_every_operation(generator, programs, served, performed, operations):
    run(["node", f"{generator}.mjs"], cwd=programs, env=os.environ | served.environment, seconds=60)
    assert operations - performed == set()


def test_a_python_client_does_every_operation(tmp_path, served, performed, operations):
    folder = tools.copied("generators", tmp_path)
    python = tools.python_environment(folder / "requirements.txt")
    environment = (
        os.environ | served.environment | {"PATH": f"{python}:{os.environ['PATH']}", "MYPYPATH": "client"}
    )
    generate = [python / "openapi-python-client", "generate", "--path", "../openapi.json"]
    run([*generate, "--output-path", "client"], cwd=folder, env=environment, seconds=60)
    scenario = "scenarios/openapi_python_client.py"
    run([python / "mypy", "--strict", scenario], cwd=folder, env=environment, seconds=200)
    environment["PYTHONPATH"] = str(folder / "client")
    run([python / "python", scenario], cwd=folder, env=environment, seconds=60)
    assert operations - performed == set()
