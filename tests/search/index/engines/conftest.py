"""A real Milvus server for the tests that are marked ``services``, started by them."""

import importlib.util
import os
import socket
import time
import urllib.request

import pytest

from search.index.engines.milvus import connection
from search.index.engines.milvus import engine as milvus_engine

PACKAGES = ("pymilvus", "milvus")
# A server that was killed is started once its lease has run out: after 30 s by default.
LEASE_SECONDS = 5
# The etcd within it has a port that cannot be chosen, so that one server runs on a machine.
ETCD_PORT = 2380


class Server:
    """The server of the package ``milvus``, whose files outlive it."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self._server = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        """Start it, at the same port as before; returns when it says that it is well."""
        from milvus import MilvusServer

        server = MilvusServer(wait_for_started=False)
        server.config.try_bind_port = listening
        server.config.set("common.session.ttl", LEASE_SECONDS)
        server.set_base_dir(str(self.folder))
        server.listen_port = self.port
        server.start()
        assert server.listen_port == self.port
        # It would stop its process when it is collected.
        self._server = server
        eventually(self._is_well, seconds=180)

    def _is_well(self):
        assert self._server.server_proc.poll() is None, "Milvus ended when it was started"
        address = f"http://127.0.0.1:{self._server.webservice_port}/healthz"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return b"OK" in answer.read()
        except OSError:
            return False

    def kill(self):
        """As a power failure of the server alone: SIGKILL."""
        self._server.server_proc.kill()
        self._server.server_proc.wait()


def eventually(is_true, seconds):
    give_up_at = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < give_up_at, f"not within {seconds} s"
        time.sleep(0.2)


def listening(port):
    """A socket at this port, also shortly after a killed server had it; None where another program has it."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind(("127.0.0.1", port))
        held.listen()
    except OSError:
        held.close()
        return None
    return held


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(
            f"{', '.join(missing)} not installed: pip install -r requirements-services.txt -c constraints.txt"
        )
    if (held := listening(ETCD_PORT)) is None:
        pytest.skip(f"port {ETCD_PORT} is taken, by another Milvus or an etcd")
    held.close()
    server = Server(tmp_path_factory.mktemp("milvus"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def on_milvus(server, settings):
    """Settings whose next base lies in the server, under names of this test alone."""
    settings.SEARCH_ENGINE, settings.MILVUS_ADDRESS = "milvus", server.address
    settings.MILVUS_PREFIX = f"t{os.urandom(6).hex()}"
    return server


def collections(prefix):
    with connection.milvus() as client:
        return {name for name in client.list_collections() if name.startswith(f"{prefix}_")}


def collection_of(index):
    return index.manifest.details[milvus_engine.COLLECTION]
