"""Static files with and without collectstatic."""

from contextlib import closing

import pytest
from django.core.management import call_command

from config.static import HashedStaticFilesStorage


def test_a_file_that_was_not_collected_keeps_its_plain_name(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    assert HashedStaticFilesStorage().url("css/base.css") == "/static/css/base.css"


def test_a_collected_file_has_a_hash_in_its_name(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static.HashedStaticFilesStorage"},
    }
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", interactive=False, verbosity=0)
    assert HashedStaticFilesStorage().url("css/base.css") != "/static/css/base.css"


# The end of a response looks at the connections that are kept.
@pytest.mark.django_db
def test_pages_of_other_origins_may_load_the_web_component(client):
    address = "/static/tandem-search/tandem-search.js"
    with closing(client.get(address, HTTP_ORIGIN="https://fern.example")) as served:
        assert (served.status_code, served["Access-Control-Allow-Origin"]) == (200, "*")
        assert served["Content-Type"].startswith("text/javascript")


def test_the_hashed_copies_are_compressed_but_no_source_maps(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "static"
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "site.css").write_text("body { margin: 0 }\n" * 100)
    (sources / "site.js.map").write_text("{}\n" * 100)
    settings.STATICFILES_DIRS = [sources]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "config.static.HashedStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    compressed = [file.name for file in settings.STATIC_ROOT.glob("*.br")]
    assert compressed == [f"{HashedStaticFilesStorage().url('site.css').rpartition('/')[2]}.br"]


def test_the_icon_is_found_under_the_name_that_browsers_guess(client):
    assert "/img/favicon" in client.get("/favicon.ico")["Location"]
