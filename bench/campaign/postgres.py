"""A PostgreSQL of one's own, for faults: it may be frozen or made read-only. For Linux."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.server import free_port


class Postgres:
    """A running server; ``url`` is for DATABASE_URL."""

    def __init__(self, data: Path, port: int, programs: Path) -> None:
        self._data, self._port, self._programs = data, port, programs
        self.url = f"postgres://tandem@127.0.0.1:{port}/postgres"

    def command(self, name: str, *arguments: str) -> None:
        # PostgreSQL refuses to run as root.
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_user, str(self._programs / name), *arguments]
        # The server keeps the outputs of pg_ctl open.
        done = subprocess.run(  # noqa: S603 - our own command
            command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if done.returncode:
            raise SystemExit(f"{name} failed with {done.returncode}.")

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        log = str(self._data / "log")
        self.command("pg_ctl", "-D", str(self._data), "-w", "-o", options, "-l", log, "start")

    def stop(self) -> None:
        self.thaw()
        self.command("pg_ctl", "-D", str(self._data), "-m", "immediate", "stop")

    def freeze(self) -> None:
        """Stop every process of it: connections are accepted, and nothing is answered."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    @contextmanager
    def frozen(self) -> Iterator[None]:
        self.freeze()
        try:
            yield
        finally:
            self.thaw()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Every transaction of a new or running session is read-only meanwhile."""
        self._set_read_only(on=True)
        try:
            yield
        finally:
            self._set_read_only(on=False)

    def _set_read_only(self, *, on: bool) -> None:
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if on else 'off'}")
            connection.execute("SELECT pg_reload_conf()")

    def _signal(self, number: signal.Signals) -> None:
        leader = int((self._data / "postmaster.pid").read_text().splitlines()[0])
        children = Path(f"/proc/{leader}/task/{leader}/children").read_text().split()
        for process in [leader, *map(int, children)]:
            with suppress(ProcessLookupError):
                os.kill(process, number)


def programs() -> Path | None:
    """The folder of PostgreSQL's programs, or None where they, or /proc, are missing."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(installed[-1]) if installed else shutil.which("initdb")
    return Path(found).parent if found and Path("/proc/self/task").is_dir() else None


@contextmanager
def running() -> Iterator[Postgres]:
    """A server with an empty database, gone at the end. Raises SystemExit where it cannot be had."""
    folder = programs()
    if folder is None:
        raise SystemExit("PostgreSQL is not installed here, or this is not Linux.")
    with tempfile.TemporaryDirectory(prefix="tandem-postgres-") as root:
        # The server's user must pass through it.
        Path(root).chmod(0o711)
        data = Path(root, "data")
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(data, "postgres")
        server = Postgres(data, free_port(), folder)
        server.command("initdb", "-D", str(data), "-U", "tandem", "--auth=trust")
        server.start()
        try:
            yield server
        finally:
            server.stop()
