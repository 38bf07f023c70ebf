"""The TypeScript package, built and tested against a served shop."""

import re

import pytest

from tests.clients import tools
from tests.real_shops.servers import require_node

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    require_node()
    folder = tools.node_project("typescript", tmp_path_factory.mktemp("typescript"))
    tools.npm("build", folder)
    return folder


def test_its_own_tests_pass_against_a_served_shop(package, served):
    report = tools.npm("test", package, **served.environment)
    assert int(re.search(r"^\S pass (\d+)$", report, re.MULTILINE)[1]) >= 15
