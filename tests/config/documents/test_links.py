"""Links in the documentation lead to files and headings that exist, and paths named in it exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("docs/**/*.md"),
    ROOT / "search/encoding/bundled/README.md",
]
# The changelog names what once existed.
WITH_PATHS = [path for path in DOCUMENTS if path.name != "CHANGELOG.md"]

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# `search/query.py`, `search/ranking/`, `tests/search/test_query.py::test_crop`
NAMED_PATH = re.compile(r"`([\w.-]+/[\w./-]*)(?:::\w+)?`")
SUFFIXES = {".css", ".html", ".js", ".json", ".md", ".py", ".toml", ".txt", ".yaml"}
# What a running checkout writes.
WRITTEN = {".venv", "var"}
# Files that docs/extending.md tells the reader to write.
EXAMPLES = {"catalog/sources/shops/acme.py"}


def by_name(documents):
    return [pytest.param(path, id=str(path.relative_to(ROOT))) for path in sorted(documents)]


@pytest.mark.parametrize("document", by_name(DOCUMENTS))
def test_relative_links_lead_somewhere(document):
    assert [link for link in LINK.findall(document.read_text()) if not leads_somewhere(document, link)] == []


@pytest.mark.parametrize("document", by_name(WITH_PATHS))
def test_named_paths_exist(document):
    named = [path for path in NAMED_PATH.findall(document.read_text()) if is_of_this_repository(path)]
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_a_broken_link_is_noticed():
    assert not leads_somewhere(ROOT / "docs/ranking.md", "adr/0000-nothing.md")
    assert not leads_somewhere(ROOT / "docs/ranking.md", "ranking.md#no-such-heading")


def leads_somewhere(document, link):
    address, _hash, heading = link.partition("#")
    if ":" in address:  # another site
        return True
    target = (document.parent / address).resolve() if address else document
    return target.exists() and (not heading or heading in anchors(target))


def anchors(document):
    """The ids that GitHub gives to headings."""
    headings = HEADING.findall(document.read_text())
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def is_of_this_repository(path):
    """Whether a text in backticks is meant as a path here, unlike `products/update` or `DATA_DIR/media`."""
    top = path.partition("/")[0]
    if top in WRITTEN or path in EXAMPLES:
        return False
    return Path(path).suffix in SUFFIXES or (ROOT / top).is_dir()
