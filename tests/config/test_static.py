"""Static files with and without collectstatic."""

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
