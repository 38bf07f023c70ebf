"""What compose.yaml, render.yaml and the workflows promise in docs/operations.md."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from config.celery import app

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def read(path):
    return yaml.safe_load((ROOT / path).read_text())


@pytest.fixture
def services():
    return read("compose.yaml")["services"]


def test_caches_may_evict_and_the_task_queue_may_not(services):
    assert "--maxmemory-policy allkeys-lru" in services["caches"]["command"]
    assert "--maxmemory-policy noeviction" in services["queue"]["command"]
    assert "--appendonly yes" in services["queue"]["command"]
    assert services["queue"]["volumes"]


def test_beat_writes_into_the_data_folder_wherever_it_is_started():
    assert Path(app.conf.beat_schedule_filename).parent == settings.DATA_DIR


def test_every_redis_has_a_password(services):
    for name in ("caches", "queue"):
        assert "--requirepass" in services[name]["command"]
    assert ":${REDIS_PASSWORD" in services["web"]["environment"]["REDIS_URL"]
    assert ":${REDIS_PASSWORD" in services["web"]["environment"]["QUEUE_URL"]


def test_only_the_proxy_is_published(services):
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_our_processes_have_no_rights_and_a_read_only_root(services):
    for name in ("migrate", "web", "worker", "beat"):
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]


def test_renders_services_get_what_compose_sets(services):
    [web] = [each for each in read("render.yaml")["services"] if each["type"] == "web"]
    given = {each["key"] for each in web["envVars"]}
    # SECRET_KEY is made on the disk, temporary files lie in the container.
    assert set(services["web"]["environment"]) - {"TMPDIR"} <= given


def test_renders_task_queue_evicts_nothing():
    stores = {each["name"]: each for each in read("render.yaml")["services"] if each["type"] == "keyvalue"}
    assert stores["tandem-queue"]["maxmemoryPolicy"] == "noeviction"


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_to_a_commit(path):
    used = re.findall(r"uses: *(\S+)", path.read_text())
    assert used
    assert [each for each in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_only_read_unless_a_job_says_more(path):
    assert yaml.safe_load(path.read_text())["permissions"] == {"contents": "read"}


def test_the_quick_tests_run_on_each_supported_python():
    matrix = read(".github/workflows/test.yml")["jobs"]["quick"]["strategy"]["matrix"]["python"]
    [supported] = re.findall(r"^PYTHONS := (.+)$", (ROOT / "Makefile").read_text(), re.M)
    assert matrix == supported.split()
