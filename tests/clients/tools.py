"""Node projects and Python environments of the clients, installed once into a cache outside the tree."""

import hashlib
import os
import shutil
import sys
from pathlib import Path

from tests.real_shops.servers import CACHE, PROJECT, run

CLIENTS = PROJECT / "clients"
INSTALL_SECONDS, STEP_SECONDS = 900, 240
BUILT = shutil.ignore_patterns("node_modules", "generated", "build", "dist", "__pycache__")


def copied(name, folder):
    """A copy of ``clients/<name>`` with the document beside it, and without what was built here."""
    shutil.copy(CLIENTS / "openapi.json", folder)
    return Path(shutil.copytree(CLIENTS / name, folder / name, ignore=BUILT))


def node_project(name, folder):
    """A copy of a Node project with exactly the packages of its lockfile; gives its folder."""
    target = copied(name, folder)
    modules = _cached(f"{name}-node", [target / "package.json", target / "package-lock.json"], _install_node)
    (target / "node_modules").symlink_to(modules / "node_modules")
    return target


def python_environment(requirements):
    """The folder of the programs of a virtual environment with these requirements."""
    return _cached("python", [requirements], _install_python) / "venv" / "bin"


def npm(script, folder, **environment):
    """Run a script of package.json."""
    return run(
        ["npm", "run", "--silent", script], cwd=folder, env=os.environ | environment, seconds=STEP_SECONDS
    )


def _cached(name, files, install):
    key = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]
    folder = CACHE / f"{name}-{key}"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            shutil.copy(file, folder)
        install(folder, files)
        (folder / "complete").touch()
    return folder


def _install_node(folder, _files):
    quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"]
    run(["npm", "ci", *quiet], cwd=folder, seconds=INSTALL_SECONDS)


def _install_python(folder, files):
    run([sys.executable, "-m", "venv", "venv"], cwd=folder, seconds=INSTALL_SECONDS)
    pip = ["venv/bin/python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "-r", files[0].name], cwd=folder, seconds=INSTALL_SECONDS)


def own_environment(folder):
    """The interpreter of a new virtual environment."""
    run([sys.executable, "-m", "venv", str(folder)], seconds=STEP_SECONDS)
    return str(folder / "bin" / "python")
