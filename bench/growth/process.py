"""A step in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.timing import Row

ROOT = Path(__file__).resolve().parents[2]


def run(folder: str, step: str, *arguments: object) -> list[Row]:
    from django.conf import settings

    environment = os.environ | {
        "SECRET_KEY": settings.SECRET_KEY,
        "DATA_DIR": folder,
        "DATABASE_URL": "",
        "HTTPS": "off",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
    }
    command = [sys.executable, "-m", "bench.growth", step, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own module
    if done.returncode:
        raise RuntimeError(f"The step {step} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]
