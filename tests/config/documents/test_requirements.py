"""Requirements are pinned with all that they need, and say where they are used."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-milvus.txt",
    "requirements-openvino.txt",
    "requirements-s3.txt",
    "requirements-services.txt",
    "requirements-training.txt",
]
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", re.MULTILINE)


def pins(file):
    found = PIN.findall((ROOT / file).read_text())
    assert found
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in found}


@pytest.mark.parametrize("file", FILES)
def test_each_has_its_version_among_the_constraints(file):
    assert pins(file).items() <= pins("constraints.txt").items()


@pytest.mark.parametrize("file", FILES)
def test_each_is_used_where_it_says(file):
    comments = " ".join(re.findall(r"#(.*)", (ROOT / file).read_text()))
    named = re.findall(r"(?<![\w/*])[a-z]\w*/[\w/.]*\w", comments)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []
