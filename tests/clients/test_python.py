"""The Python package, built, installed, type-checked and tested against a served shop."""

import os

import pytest

from tests.clients import tools
from tests.real_shops.servers import run

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]


def test_its_own_tests_pass_against_a_served_shop(tmp_path, served):
    package = tools.copied("python", tmp_path)
    environment = os.environ | served.environment
    # Its own tests know nothing of this project's settings.
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    python = tools.own_environment(tmp_path / "venv")
    run([python, "-m", "pip", "install", "--quiet", f"{package}[test]"], cwd=tmp_path, seconds=300)
    run([python, "-m", "mypy"], cwd=package, env=environment, seconds=200)
    run([python, "-m", "pytest", "-q"], cwd=package, env=environment, seconds=100)
