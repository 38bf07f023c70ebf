"""What a server says that cannot start: the sentence about the setting, alone."""

import runpy

import django.core.wsgi
import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import BASE_DIR


def test_a_wrong_setting_of_the_server_ends_it_with_its_sentence(monkeypatch):
    monkeypatch.setenv("WEB_THREADS", "many")
    with pytest.raises(SystemExit, match="WEB_THREADS='many' is not a whole number"):
        runpy.run_path(str(BASE_DIR / "config" / "gunicorn.py"))


def test_a_number_of_processes_that_ends_gunicorn_with_a_traceback_is_refused_before_it_starts(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "abc")
    with pytest.raises(ImproperlyConfigured, match="WEB_CONCURRENCY='abc' is not a whole number"):
        runpy.run_path(str(BASE_DIR / "config" / "settings" / "search.py"))


def test_a_wrong_setting_of_the_site_is_printed_and_starts_no_further_worker(monkeypatch, capsys):
    def refuse():
        raise ImproperlyConfigured("RATE_LIMIT='abc' is not a rate.")

    monkeypatch.setattr(django.core.wsgi, "get_wsgi_application", refuse)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(BASE_DIR / "config" / "wsgi.py"))
    assert ended.value.code == 3
    assert capsys.readouterr().err == "RATE_LIMIT='abc' is not a rate.\n"
