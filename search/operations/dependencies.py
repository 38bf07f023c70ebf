"""Which versions of other people's packages are installed, and what is known against them."""

from __future__ import annotations

import json
import subprocess  # nosec B404 - pip-audit has no other interface
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from search.operations.findings import Finding

AUDIT_SECONDS = 120


def dependencies() -> Iterator[Finding]:
    """Whether the installed versions are the pinned ones, and what pip-audit knows about them."""
    others = [
        f"{name} {has}" for name, pinned in pins().items() if (has := installed(name)) not in {pinned, ""}
    ]
    if others:
        yield Finding(
            f"Not the pinned versions: {', '.join(others[:5])}.", "Install with -c constraints.txt."
        )
    else:
        yield Finding("The installed versions are the pinned ones.")
    if find_spec("pip_audit"):
        yield audited()
    else:
        yield Finding("Known advisories were not looked up: pip-audit is not installed.")


def pins() -> dict[str, str]:
    """Name and version of each line of constraints.txt; empty where the file was not installed."""
    file = Path(settings.BASE_DIR) / "constraints.txt"
    lines = file.read_text().splitlines() if file.is_file() else []
    return dict(line.split("==", 1) for line in lines if "==" in line and not line.startswith("#"))


def installed(name: str) -> str:
    """The version without its build, such as "+cpu", or "" where it is not installed."""
    try:
        return version(name).partition("+")[0]
    except PackageNotFoundError:
        return ""


def audited() -> Finding:
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter  # nosec B603
            command, capture_output=True, text=True, timeout=AUDIT_SECONDS, check=False
        )
        # What is in no list has a "skip_reason" instead; without the network that is everything.
        known = [each for each in json.loads(done.stdout)["dependencies"] if "vulns" in each]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        known = []
    if not known:
        return Finding("Known advisories could not be looked up: pip-audit reached no list of them.")
    affected = [f"{each['name']} ({vuln['id']})" for each in known for vuln in each["vulns"]]
    if not affected:
        return Finding("No advisory is known for the installed versions.")
    return Finding(f"Advisories are known for {', '.join(affected[:5])}.", "Upgrade them.")
