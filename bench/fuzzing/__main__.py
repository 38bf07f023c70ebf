"""``python -m bench.fuzzing``: the API of a demo shop of its own, asked by schemathesis as four clients.

Nobody, a signed-in person, an analyst of the staff, and a server with an API key each send what the OpenAPI
document allows and what it does not; then sequences of requests follow the document's resources. Exits 1 when
an answer is 5xx, except a 503 that names a time to come again, or when a check of schemathesis fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bench.server import ROOT, Server, serving
from bench.timing import Row, table

PASSWORD = "seven green umbrellas"  # noqa: S105 - of a shop that ends with this run
ENDS_THE_SIGN_IN = ["logout", "endSignIns", "deleteAccount", "changePassword"]
SINGLE = ["--phases", "examples,coverage,fuzzing"]
SEQUENCES = ["--phases", "stateful"]
# hooks.py finds 5xx. Left out is what a document cannot promise, such as that every request that fits it is
# accepted (docs/api.md).
CHECKS = [
    *("content_type_conformance", "response_headers_conformance", "response_schema_conformance"),
    *("status_code_conformance", "unsupported_method"),
]
MAKE_CLIENTS = """
from accounts import api_keys
from accounts.models import User
for name in ("person", "staff"):
    if not User.objects.filter(email=f"{{name}}@example.com").exists():
        User.objects.create_user(f"{{name}}@example.com", "{password}", is_staff=name == "staff")
print(api_keys.create(name="Fuzzing", may_write_catalogue=True, may_read_stats=True, may_send_events=True)[1])
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.fuzzing", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="requests an operation and mode (100)")
    parser.add_argument("--seconds", type=int, help="at most so long for each kind of client")
    parser.add_argument("--only", default="", help="only clients whose name contains this")
    parser.add_argument("--products", type=int, default=200, help="products in the demo shop (200)")
    parser.add_argument("--data-dir", type=Path, help="keep the shop here and reuse it")
    options = parser.parse_args()
    variables = {"RATE_LIMIT_KEY": "10000000/m", "RATE_LIMIT": "10000000/m", "TRUSTED_PROXY_COUNT": "0"}
    with serving(options.products, options.data_dir, variables=variables) as server:
        rows, failed = [], False
        for name, environment in clients(server, variables).items():
            if options.only not in name:
                continue
            passed, row = ask(server, name, environment, options)
            rows.append(row)
            failed |= not passed
            sys.stdout.write(table("The API under schemathesis", rows) + "\n")
        sys.exit(failed or bool(server.errors()))


def clients(server: Server, variables: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The environment of each kind of client, by its name."""
    environment = os.environ | {"DATA_DIR": str(server.data_dir), "HTTPS": "off", "DATABASE_URL": ""}
    script = MAKE_CLIENTS.format(password=PASSWORD)
    made = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", script],
        cwd=ROOT,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    key = made.stdout.split()[-1]
    people = {
        name: {"FUZZ_EMAIL": f"{name}@example.com", "FUZZ_PASSWORD": PASSWORD} for name in ("person", "staff")
    }
    return {"nobody": {}, **people, "server with a key": {"FUZZ_KEY": key}}


def ask(
    server: Server, name: str, environment: Mapping[str, str], options: argparse.Namespace
) -> tuple[bool, Row]:
    """Whether all checks passed, and what was answered."""
    passed, total = True, Counter[int]()
    failures = []
    for phases in (SINGLE, SEQUENCES):
        with tempfile.TemporaryDirectory(prefix="tandem-fuzzing-") as folder:
            counts = Path(folder) / "counts.json"
            passed &= _schemathesis(server, phases, {**environment, "FUZZ_COUNTS": str(counts)}, options)
            found = json.loads(counts.read_text())
        for _operation, status, count in found["counts"]:
            total[status // 100] += count
        failures += found["failures"]
    for failure in failures:
        sys.stdout.write(json.dumps(failure, indent=1) + "\n")
    row: Row = {
        "client": name,
        "requests": sum(total.values()),
        **{f"{status}xx": total[status] for status in range(2, 6)},
    }
    return passed and not failures, row


def _schemathesis(
    server: Server, phases: list[str], environment: Mapping[str, str], options: argparse.Namespace
) -> bool:
    command = [
        *("schemathesis", "run", f"{server.address}/api/v1/schema?format=json", *phases),
        *("--max-examples", str(options.examples), "--checks", ",".join(CHECKS)),
        *("--no-shrink", "--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off"),
        *(f"--exclude-operation-id={name}" for name in ENDS_THE_SIGN_IN if environment.get("FUZZ_EMAIL")),
    ]
    if options.seconds:
        command += ["--max-time", str(options.seconds)]
    hooks = {"SCHEMATHESIS_HOOKS": "bench.fuzzing.hooks", "FUZZ_ADDRESS": server.address}
    ran = subprocess.run(  # noqa: S603 - our own command
        [str(Path(sys.executable).parent / command[0]), *command[1:]],
        cwd=ROOT,
        env={**os.environ, **hooks, **environment, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    return ran.returncode == 0


if __name__ == "__main__":
    main()
