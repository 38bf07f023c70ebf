"""The guide to the code names functions in order; every name in it must exist."""

import importlib
import re
from pathlib import Path

import pytest

PAGES = [Path(__file__).resolve().parents[3] / "docs" / name for name in ("architecture.md", "extending.md")]
ROOTS = "accounts|analytics|catalog|config|demo|search|training"
NAMES = re.compile(rf"`((?:{ROOTS})(?:\.\w+)+)`")


def named(page):
    return sorted(set(NAMES.findall(page.read_text(encoding="utf-8"))))


def resolve(name):
    """The object of a dotted name: the longest importable module, then attributes."""
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[cut:]:
            found = getattr(found, attribute)
        return found
    raise ModuleNotFoundError(name)


@pytest.mark.parametrize(("page", "name"), [(page.name, name) for page in PAGES for name in named(page)])
def test_every_dotted_name_exists(page, name):
    assert resolve(name) is not None


def test_the_guide_names_each_path_in_detail():
    assert len(named(PAGES[0])) > 50


def test_every_table_is_listed():
    from django.apps import apps

    guide = PAGES[0].read_text(encoding="utf-8")
    own = {"accounts", "analytics", "catalog", "search"}
    tables = {model._meta.db_table for model in apps.get_models() if model._meta.app_label in own}
    assert {table for table in tables if f"`{table}`" not in guide} == set()
