"""A folder that the quick tests do not look into holds no test of theirs."""

import re

import pytest

from tests.environment import FOLDERS, TESTS

MARK = r"^pytestmark = \[?pytest\.mark\.{}\b"


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_module_of_the_folder_carries_its_mark(folder):
    modules = list((TESTS / folder).rglob("test_*.py"))
    assert modules
    mark = re.compile(MARK.format(FOLDERS[folder]), re.MULTILINE)
    assert [module.name for module in modules if not mark.search(module.read_text())] == []
