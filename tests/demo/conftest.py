"""The stand-in encoder of the search tests: the demo shop needs vectors, not their quality."""

import shutil

import pytest

from demo import visits
from demo.feed import render_catalogue
from demo.seeding import SEED
from tests.demo.seeded import SIZE
from tests.search.shop import colour_encoder, kept_pictures  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """The demo's pictures, drawn once for all tests."""
    folder = tmp_path_factory.mktemp("drawn")
    render_catalogue(folder, size=SIZE, seed=SEED)
    return folder


@pytest.fixture
def place(db, colour_encoder, settings, tmp_path, drawn, monkeypatch):  # noqa: F811 - a fixture
    """An empty shop in its own folder, with the drawings done and no processes for more."""
    settings.DATA_DIR = tmp_path / "data"

    def from_drawn(folder, **options):
        shutil.copytree(drawn, folder, dirs_exist_ok=True)
        return render_catalogue(folder, **options)

    monkeypatch.setattr("demo.seeding.render_catalogue", from_drawn)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr(visits, "WORDS", ("red dress", "black boots", "umbrella"))
    monkeypatch.setattr(visits, "DAYS", 4)
    return settings.DATA_DIR
