"""Servers of real shops: packages from npm in a cache outside the tree, processes, ports, a PostgreSQL."""

import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

PROJECT = Path(__file__).resolve().parents[2]
# npm needs about a minute and 900 MiB for both shops, once.
CACHE = Path(os.environ.get("SHOPS_CACHE") or Path.home() / ".cache" / "tandem-shops")
OLDEST_NODE = 20
INSTALL_SECONDS, START_SECONDS = 900, 180


def require_node():
    """Skip, with the reason, where the shops cannot run."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm and node are not installed")
    version = run(["node", "--version"], seconds=30).strip()
    if int(version.removeprefix("v").partition(".")[0]) < OLDEST_NODE:
        pytest.skip(f"node {version} is too old, {OLDEST_NODE} is needed")


def installed(shop, packages):
    """The node_modules folder with exactly these packages ("name@version")."""
    key = hashlib.sha256(" ".join(packages).encode()).hexdigest()[:12]
    folder = CACHE / f"{shop}-{key}"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"name": "shop", "private": true}')
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        run(["npm", "install", *quiet, *packages], cwd=folder, seconds=INSTALL_SECONDS)
        (folder / "complete").touch()
    return folder / "node_modules"


def project(folder, modules, files):
    """A folder with a project of a shop: ``files`` maps paths in it to files or folders to copy."""
    (folder / "node_modules").symlink_to(modules)
    # The packages' list too: Medusa's commands look for themselves in it.
    shutil.copy(modules.parent / "package.json", folder)
    for path, origin in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if origin.is_dir() else shutil.copy)(origin, target)


def run(command, *, seconds, **options):
    done = subprocess.run(  # noqa: S603 - our own commands
        command, capture_output=True, text=True, timeout=seconds, check=False, **options
    )
    assert done.returncode == 0, f"{command} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@contextmanager
def serving(command, folder, environment, address):
    """The server that ``command`` starts, from when ``address`` answers until the block ends."""
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=folder, env={**os.environ, **environment}, stdout=output, stderr=output
        )
        try:
            _await(address, process, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(address, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"The shop ended:\n{log.read_text()[-3000:]}"
        try:
            requests.get(address, timeout=5)
        except requests.RequestException:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"The shop did not start:\n{log.read_text()[-3000:]}")


@contextmanager
def postgresql():
    """A PostgreSQL of our own; gives the address of its empty database. Skips where none is installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = versions[-1] if versions else shutil.which("initdb")
    if not initdb:
        pytest.skip("PostgreSQL is not installed")
    programs = Path(initdb).resolve().parent
    # Not in pytest's folder, which other users cannot enter, and PostgreSQL refuses to run as root.
    with tempfile.TemporaryDirectory(prefix="tandem-shops-") as folder:
        as_other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if as_other:
            shutil.chown(folder, "postgres")
        port = free_port()
        control = [*as_other, str(programs / "pg_ctl"), "-D", f"{folder}/data"]
        new = [str(programs / "initdb"), "-D", f"{folder}/data", "-U", "shop", "--auth=trust"]
        run([*as_other, *new], seconds=120, cwd=folder)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        # Its log goes to a file: a server that inherits our pipe would keep it open.
        run([*control, "-w", "-l", f"{folder}/log", "-o", options, "start"], seconds=120, cwd=folder)
        try:
            where = ["-h", "127.0.0.1", "-p", str(port), "-U", "shop"]
            run([str(programs / "createdb"), *where, "shop"], seconds=60)
            yield f"postgres://shop@127.0.0.1:{port}/shop"
        finally:
            run([*control, "-m", "immediate", "stop"], seconds=60, cwd=folder)


@contextmanager
def medusa_server(folder, environment, address):
    """A Medusa with its tables and the user staff@shop.example, password "of-a-test"."""
    command = ["node", "node_modules/@medusajs/cli/cli.js"]
    whole = {**os.environ, **environment}
    run([*command, "db:migrate"], cwd=folder, env=whole, seconds=300)
    user = ["user", "-e", "staff@shop.example", "-p", "of-a-test"]
    run([*command, *user], cwd=folder, env=whole, seconds=120)
    with serving([*command, "start"], folder, environment, f"{address}/health"):
        yield address
