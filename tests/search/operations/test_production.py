"""``manage.py doctor --production``: what a shop before customers lacks, and how to get it."""

import os
import subprocess
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from search.operations import dependencies, production


def one(check):
    [finding] = check()
    return finding


@pytest.fixture
def site(settings):
    """The settings of a shop in production."""
    settings.DEBUG, settings.HTTPS = False, True
    settings.TRUSTED_PROXY_COUNT = 1
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://shop.example", ["shop.example"]
    settings.DEFAULT_FROM_EMAIL = "no-reply@shop.example"
    return settings


def test_without_https_it_is_no_production(site):
    site.HTTPS = False
    assert one(production.tls).fix


@pytest.mark.parametrize(("days", "wrong"), [(60, False), (13, True), (-1, True)])
def test_a_certificate_that_ends_soon_is_reported(site, monkeypatch, days, wrong):
    end = timezone.now() + timedelta(days=days, hours=1)
    monkeypatch.setattr(production, "_certificate_end", lambda host, port: end)
    finding = one(production.tls)
    assert f"valid for {days} days" in finding.sentence
    assert bool(finding.fix) == wrong


def test_a_site_that_cannot_be_reached_from_here_is_no_fault(site, monkeypatch, closed_port):
    site.SITE_URL = f"https://127.0.0.1:{closed_port}"
    finding = one(production.tls)
    assert "cannot be reached from here" in finding.sentence
    assert not finding.fix


def test_tls_needs_a_counted_proxy(site):
    assert not one(production.proxies).fix
    site.TRUSTED_PROXY_COUNT = 0
    assert "TRUSTED_PROXY_COUNT" in one(production.proxies).fix


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("https://shop.example", False),
        ("https://shop.example:8443", False),
        ("", True),
        ("http://shop.example", True),
        ("https://elsewhere.example", True),
    ],
)
def test_links_in_mails_need_the_sites_own_address(site, url, wrong):
    site.SITE_URL = url
    assert bool(one(production.site_url).fix) == wrong


def test_mails_on_the_console_reach_nobody(site):
    site.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert "EMAIL_URL" in one(production.mail).fix


def test_a_mail_server_that_does_not_answer_is_reported(site, closed_port):
    site.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    site.EMAIL_HOST, site.EMAIL_PORT = "127.0.0.1", closed_port
    assert "takes no mails" in one(production.mail).sentence


def test_a_shop_without_a_task_queue_is_reported(site):
    site.QUEUE_URL = ""
    assert "QUEUE_URL" in one(production.queue).fix


def test_a_task_queue_that_does_not_answer_is_reported(site, closed_port):
    site.QUEUE_URL = f"redis://127.0.0.1:{closed_port}/0"
    assert "does not answer" in one(production.queue).sentence


@pytest.mark.parametrize(
    ("policy", "appendonly", "wrong"),
    [
        ("noeviction", 1, 0),
        ("volatile-lru", 1, 0),
        ("allkeys-lru", 1, 1),
        ("allkeys-random", 1, 1),
        ("noeviction", 0, 1),
        ("allkeys-lfu", 0, 2),
    ],
)
def test_a_queue_that_loses_tasks_is_reported(policy, appendonly, wrong):
    findings = production.queue_server({"maxmemory_policy": policy}, {"aof_enabled": appendonly})
    assert sum(bool(finding.fix) for finding in findings) == wrong


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("redis://queue:6379/0", 1),
        ("redis://:secret@queue:6379/0", 0),
        ("redis://localhost:6379/0", 0),
        ("unix:///run/redis.sock", 0),
        ("", 0),
    ],
)
def test_a_redis_of_another_machine_needs_a_password(url, wrong):
    assert len(list(production._password("QUEUE_URL", url))) == wrong


@pytest.mark.parametrize(
    ("listening", "expected", "problems"),
    [
        (None, 0, ["No Celery worker answers."]),
        ({"a": ["celery"]}, 0, []),
        ({"a": ["embedding"]}, 2, ["No Celery worker answers."]),
        ({"a": ["celery"]}, 2, ["EMBEDDING_WORKERS is 2, but no worker embeds."]),
        ({"a": ["celery", "embedding"]}, 2, []),
        ({"a": ["celery"], "b": ["embedding"]}, 2, []),
    ],
)
def test_it_asks_for_a_worker_of_each_queue(site, monkeypatch, listening, expected, problems):
    from celery.app.control import Inspect

    site.EMBEDDING_WORKERS = expected
    answers = listening and {
        name: [{"name": queue} for queue in queues] for name, queues in listening.items()
    }
    monkeypatch.setattr(Inspect, "active_queues", lambda self: answers)
    assert [finding.sentence for finding in production.worker() if finding.fix] == problems


def test_embedding_workers_without_a_task_queue_are_reported(site):
    site.QUEUE_URL, site.EMBEDDING_WORKERS = "", 2
    assert "EMBEDDING_WORKERS" in list(production.queue())[1].sentence


@pytest.mark.parametrize(("free", "wrong"), [(50, False), (1, True)])
def test_a_full_disk_is_reported(settings, monkeypatch, free, wrong):
    usage = SimpleNamespace(total=100 * 1024**3, free=free * 1024**3)
    monkeypatch.setattr(production.shutil, "disk_usage", lambda folder: usage)
    assert {bool(finding.fix) for finding in production.disk()} == {wrong}


def test_an_unknown_backup_is_reported(settings, tmp_path):
    settings.BACKUP_STAMP = ""
    assert "BACKUP_STAMP" in one(production.backups).fix
    settings.BACKUP_STAMP = str(tmp_path / "last")
    assert "No backup was made yet" in one(production.backups).sentence


@pytest.mark.parametrize(("hours", "wrong"), [(2, False), (29, False), (31, True)])
def test_an_old_backup_is_reported(settings, tmp_path, hours, wrong):
    stamp = tmp_path / "last"
    stamp.touch()
    made = timezone.now().timestamp() - 3600 * hours
    os.utime(stamp, (made, made))
    settings.BACKUP_STAMP = str(stamp)
    assert bool(one(production.backups).fix) == wrong


def test_a_version_that_is_not_pinned_is_reported(settings, tmp_path, monkeypatch):
    settings.BASE_DIR = tmp_path
    monkeypatch.setattr(dependencies, "find_spec", lambda name: None)
    (tmp_path / "constraints.txt").write_text("# pins\nDjango==1.0\nnot-installed==3\n")
    assert next(dependencies.dependencies()).sentence.startswith("Not the pinned versions: Django ")


def test_a_build_of_the_pinned_version_is_that_version(monkeypatch):
    monkeypatch.setattr(dependencies, "version", lambda name: "2.13.0+cpu")
    assert dependencies.installed("torch") == "2.13.0"


@pytest.mark.parametrize(
    ("output", "sentence", "wrong"),
    [
        ('{"dependencies": [{"name": "a", "vulns": []}]}', "No advisory is known", False),
        ('{"dependencies": [{"name": "a", "vulns": [{"id": "CVE-1"}]}]}', "a (CVE-1)", True),
        ('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}', "reached no list", False),
        ("", "reached no list", False),
    ],
)
def test_advisories_are_looked_up_where_they_can_be(monkeypatch, output, sentence, wrong):
    done = subprocess.CompletedProcess([], 1, stdout=output, stderr="")
    monkeypatch.setattr(dependencies.subprocess, "run", lambda *args, **options: done)
    finding = dependencies.audited()
    assert sentence in finding.sentence
    assert bool(finding.fix) == wrong


def test_an_advisory_list_that_hangs_is_given_up(monkeypatch):
    def hang(command, **options):
        raise subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(dependencies.subprocess, "run", hang)
    assert not dependencies.audited().fix


@pytest.mark.django_db
def test_the_doctor_asks_for_production_only_when_told(shop, monkeypatch, capsys):
    monkeypatch.setattr(dependencies, "find_spec", lambda name: None)
    asked = []
    monkeypatch.setattr(
        "search.management.commands.doctor.PRODUCTION", (("TLS", lambda: asked.append(1) or iter(())),)
    )
    for options in ({}, {"production": True}):
        try:
            call_command("doctor", **options)
        except CommandError:
            continue
    assert asked == [1]
