"""A temporary demo shop served by gunicorn, and the memory of its processes."""

from __future__ import annotations

import math
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).parent.parent
START_SECONDS = 180.0


class Server:
    """A running gunicorn with config/gunicorn.py."""

    def __init__(
        self, process: subprocess.Popen[bytes], address: str, log: Path, data_dir: Path, *, ready: bool
    ) -> None:
        self._process = process
        self.data_dir = data_dir
        self._log = log
        self.address = address
        began = time.monotonic()
        # Seconds from the start of the process to the first successful response.
        self.alive_after = self._until("/healthz") - began
        # Likewise of /readyz; NaN where that was not waited for.
        self.ready_after = self._until("/readyz") - began if ready else math.nan

    def memory(self) -> float | None:
        """MiB held by the master and its workers, shared pages counted once; None without /proc."""
        return _memory(self._process.pid)

    def workers(self) -> list[int]:
        """The ids of the worker processes."""
        pid = self._process.pid
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def errors(self) -> list[str]:
        """The lines of the server's log that contain a traceback."""
        return [line for line in self._log.read_text("utf-8").splitlines() if "Traceback" in line]

    def _until(self, path: str) -> float:
        """The monotonic time at which ``path`` responded with success. Raises SystemExit if it never does."""
        end = time.monotonic() + START_SECONDS
        while not self._responds(path):
            if self._process.poll() is not None:
                raise SystemExit(f"gunicorn ended with {self._process.returncode} before it served.")
            if time.monotonic() > end:
                raise SystemExit(f"{path} was not ready after {START_SECONDS:.0f} s.")
            time.sleep(0.1)
        return time.monotonic()

    def _responds(self, path: str) -> bool:
        try:
            return requests.get(self.address + path, timeout=START_SECONDS).ok
        except requests.ConnectionError:
            return False  # not listening yet


@contextmanager
def serving(
    products: int,
    data_dir: Path | None = None,
    *,
    variables: Mapping[str, str] | None = None,
    ready: bool = True,
) -> Iterator[Server]:
    """A server with a demo shop of so many products, stopped at the end.

    The shop is made in a temporary folder, or in ``data_dir``, where it is kept and reused. ``variables``
    are set in the environment of all its processes. Without ``ready`` it need not become ready.
    """
    with tempfile.TemporaryDirectory(prefix="tandem-load-") as temporary:
        folder = data_dir or Path(temporary)
        environment = _environment(folder) | dict(variables or {})
        if not any((folder / "index").glob("models/*/CURRENT")):
            _prepare(environment, products)
        port = free_port()
        log = Path(temporary) / "gunicorn.log"
        command = ["-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own server
                [sys.executable, *command, "config.wsgi"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=output,
            )
        try:
            yield Server(process, f"http://127.0.0.1:{port}", log, folder, ready=ready)
        finally:
            process.terminate()
            process.wait(60)


def _environment(folder: Path) -> dict[str, str]:
    """Its own database and caches; a trusted proxy header gives each client its own address."""
    return os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "QUEUE_URL": "",
        "DEBUG": "off",
        "HTTPS": "off",
        "ALLOWED_HOSTS": "127.0.0.1",
        "RATE_LIMIT": "1000000/m",
        "TRUSTED_PROXY_COUNT": "1",
    }


def _prepare(environment: dict[str, str], products: int) -> None:
    """The steps of ``make run`` before it serves."""
    steps = [
        ["-m", "config.first_start"],
        ["manage.py", "migrate", "--verbosity", "0"],
        ["manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        ["manage.py", "seed_demo", "--if-empty", "--size", str(products)],
    ]
    for step in steps:
        ran = subprocess.run(  # noqa: S603 - our own commands
            [sys.executable, *step], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise SystemExit(f"{' '.join(step)} failed:\n{ran.stdout[-500:]}{ran.stderr[-1500:]}")


def free_port() -> int:
    """A TCP port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _memory(pid: int) -> float | None:
    """MiB of a process and its children: the sum of their proportional set sizes."""
    folder = Path("/proc", str(pid))
    try:
        sizes = (folder / "smaps_rollup").read_text()
        children = (folder / "task" / str(pid) / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    own = next(int(line.split()[1]) for line in sizes.splitlines() if line.startswith("Pss:")) / 1024
    return own + sum(_memory(int(child)) or 0.0 for child in children)
