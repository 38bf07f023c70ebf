"""Django's deployment checks, and settings that stop the start, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


def start(**environment):
    """Start Django in a process of its own and run its deployment checks."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(  # noqa: S603 - our own command
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_deployment_checks_find_nothing(tmp_path):
    found = start(HTTPS="on", DATA_DIR=str(tmp_path), SECRET_KEY="s" + os.urandom(40).hex())
    assert found.returncode == 0, found.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "bad",
    [
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "change-me" + "x" * 60},
        {"SECRET_KEY": "short"},
        {"DEBUG": "fasle"},
        {"RATE_LIMIT": "many"},
        {"TRUSTED_PROXY_COUNT": "-1"},
        {"ALLOWED_HOSTS": "*"},
        {"EMAIL_URL": "pigeon://loft"},
        {"EMAIL_FROM": "nobody"},
        {"SITE_URL": "shop.example"},
    ],
)
def test_it_refuses_to_start_with_a_default_secret_or_an_unknown_value(tmp_path, bad):
    refused = start(**{"DATA_DIR": str(tmp_path), "DEBUG": "off", **bad})
    assert refused.returncode != 0
    assert next(iter(bad)) in refused.stderr
