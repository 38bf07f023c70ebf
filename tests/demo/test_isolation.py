"""The product without demo and training, from the files that the Dockerfile copies into the serving image."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("accounts", "analytics", "catalog", "config", "search")
LEFT_OUT = ("bench", "demo", "tests", "training")

IMPORT_EVERYTHING = f"""
import importlib, os, pkgutil, sys
import config.wsgi
from django.conf import settings
from django.core.management import call_command
from django.urls import resolve

for package in map(importlib.import_module, {PACKAGES}):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
assert config.__file__.startswith(os.getcwd())
assert "demo" not in settings.INSTALLED_APPS
assert resolve("/") and resolve("/healthz")
call_command("check")
print(*sorted({{name.split(".")[0] for name in sys.modules}} & set({LEFT_OUT})))
"""


def copied_by(stage: str) -> set[str]:
    """Files and folders of the source tree that a stage of the Dockerfile copies."""
    dockerfile = (ROOT / "Dockerfile").read_text()
    [text] = re.findall(rf"^FROM \S+ AS {stage}$(.*?)(?=^FROM|\Z)", dockerfile, re.M | re.S)
    lines = re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.M)
    return {name for line in lines for name in line.split()}


def test_the_serving_image_holds_every_product_package_and_no_other():
    copied = copied_by("application")
    assert copied.issuperset(PACKAGES)
    assert copied.isdisjoint(LEFT_OUT)
    assert all((ROOT / name).exists() for name in copied)


def test_the_demo_image_adds_the_demo_alone():
    assert copied_by("demo") == {"demo"}


@pytest.mark.slow
def test_every_product_module_and_page_loads_in_the_serving_image(tmp_path):
    for name in copied_by("application"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", IMPORT_EVERYTHING], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == ""
