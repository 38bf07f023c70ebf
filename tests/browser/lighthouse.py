"""Lighthouse on four pages, as a phone and as a desktop: the median of three runs each.

Run ``python -m tests.browser.lighthouse ADDRESS FOLDER`` for a running shop; it exits 1
when a category stays under 95, or a time or a shift is over its limit. Lighthouse simulates
a phone's slow network and processor, so its times differ from those of a real phone.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import urllib.request
from pathlib import Path

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = ("first-contentful-paint", "interactive", "cumulative-layout-shift")
MIN_SCORE = 95
# In milliseconds, except for the shift. A phone has no limits on times: its performance score weighs them.
LIMITS = {
    "desktop": {"first-contentful-paint": 1200, "interactive": 2500, "cumulative-layout-shift": 0.02},
    "mobile": {"cumulative-layout-shift": 0.02},
}
RUNS = 3
ATTEMPTS = 3


def measure(url: str, device: str, report: Path) -> dict[str, float]:
    """One run as a "desktop" or "mobile": categories from 0 to 100, times in milliseconds. Raises
    CalledProcessError where Lighthouse fails every time.

    A search asks not to be indexed, so the audit that wants every page indexed is left out for it.
    """
    command = [
        *("npx", "--yes", "lighthouse@12.8.2", url, "--quiet", "--output=json"),
        # The phone is Lighthouse's default; there is no preset for it.
        *(["--preset=desktop"] if device == "desktop" else []),
        *(["--skip-audits=is-crawlable"] if "/results?" in url else []),
        f"--output-path={report}",
        "--chrome-flags=--headless=new --no-sandbox",
    ]
    environment = {**os.environ, "CHROME_PATH": shutil.which("chromium") or ""}
    # Now and then it misses the beginning of a load (NO_NAVSTART) and asks to be run again.
    for attempt in range(1, ATTEMPTS + 1):
        if not subprocess.run(command, check=attempt == ATTEMPTS, env=environment).returncode:  # noqa: S603 - our own arguments
            break
    data = json.loads(report.read_text())
    scores = {name: 100 * data["categories"][name]["score"] for name in CATEGORIES}
    return scores | {name: data["audits"][name]["numericValue"] for name in METRICS}


def shortcomings(medians: dict[str, float], device: str) -> list[str]:
    """One sentence per score or metric that misses its target."""
    low = [f"{name} {medians[name]:.0f} < {MIN_SCORE}" for name in CATEGORIES if medians[name] < MIN_SCORE]
    return low + [
        f"{name} {medians[name]:.3g} > {limit}"
        for name, limit in LIMITS[device].items()
        if medians[name] > limit
    ]


def main() -> None:
    address, folder = sys.argv[1].rstrip("/"), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    with urllib.request.urlopen(address) as home:  # noqa: S310 - the shop's own address
        product = re.search(r'data-product-id="([^"]+)"', home.read().decode())[1]
    missed = []
    for path in ("/", "/results?text=red+dress", "/new", f"/products/{product}"):
        for device in LIMITS:
            runs = [measure(address + path, device, folder / "lighthouse.json") for _ in range(RUNS)]
            medians = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
            figures = "  ".join(f"{name} {value:.4g}" for name, value in medians.items())
            sys.stdout.write(f"{path} {device}  {figures}\n")
            missed += [f"{path} {device}: {each}" for each in shortcomings(medians, device)]
    sys.exit("\n".join(missed) or 0)


if __name__ == "__main__":
    main()
