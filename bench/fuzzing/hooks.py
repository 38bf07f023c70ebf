"""What schemathesis loads (SCHEMATHESIS_HOOKS): who asks, and a count of what was answered.

FUZZ_EMAIL and FUZZ_PASSWORD sign a person in, FUZZ_KEY is an API key, and without any of them nobody asks.
The counts are written to FUZZ_COUNTS.
"""

from __future__ import annotations

import atexit
import json
import os
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import requests
import schemathesis

# Some requests end the sign-in that sent them.
SIGN_IN_SECONDS = 20

_counts: Counter[tuple[str, int]] = Counter()
_failures: list[dict[str, Any]] = []
_lock = threading.Lock()


@schemathesis.auth(refresh_interval=SIGN_IN_SECONDS)
class Credentials:
    """A Bearer token, an API key, or nothing."""

    def get(self, case: Any, _context: Any) -> dict[str, str]:
        if key := os.environ.get("FUZZ_KEY"):
            return {"X-API-Key": key}
        if email := os.environ.get("FUZZ_EMAIL"):
            person = {"email": email, "password": os.environ["FUZZ_PASSWORD"], "tokens": "body"}
            address = os.environ["FUZZ_ADDRESS"] + "/api/v1/auth/login"
            answer = requests.post(address, json=person, timeout=30)
            answer.raise_for_status()
            return {"Authorization": f"Bearer {answer.json()['access']}"}
        return {}

    def set(self, case: Any, data: dict[str, str], _context: Any) -> None:
        case.headers = {**(case.headers or {}), **data}


@schemathesis.hook
def after_call(_context: Any, case: Any, response: Any) -> None:
    """Counts every answer. One that is 5xx, and no 503 with Retry-After, is kept with its request."""
    with _lock:
        _counts[case.operation.label, response.status_code] += 1
        waits = response.status_code == 503 and "retry-after" in response.headers
        if response.status_code >= 500 and not waits:
            _failures.append(
                {
                    "operation": case.operation.label,
                    "status": response.status_code,
                    "answer": response.text[:500],
                    "request": case.as_curl_command()[:3000],
                }
            )


@atexit.register
def write_counts() -> None:
    if path := os.environ.get("FUZZ_COUNTS"):
        counts = [[operation, status, count] for (operation, status), count in sorted(_counts.items())]
        Path(path).write_text(json.dumps({"counts": counts, "failures": _failures}, indent=1))
