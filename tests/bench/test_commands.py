"""The commands of bench do something when they are called."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("module", ["bench", "bench.fuzzing", "bench.looks"])
def test_a_command_explains_itself(module):
    command = [sys.executable, "-m", module, "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own module
    assert done.stdout.startswith(f"usage: python -m {module}")
