"""A real Milvus server for the tests that are marked ``services``, started by them."""

import importlib.util
import os
import socket
import time
import urllib.request
from contextlib import ExitStack

import pytest

from search.index.engines.milvus import connection
from search.index.engines.milvus import engine as milvus_engine

PACKAGES = ("pymilvus", "milvus")
# A server that was killed is started once its lease has run out: after 30 s by default.
LEASE_SECONDS = 5


class Server:
    """The server of the package ``milvus``, whose files outlive it."""

    def __init__(self, folder):
        self.folder = folder
        self.port, self.etcd_port, self.peer_port = free_ports(3)
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
        server.config.update(etcd_port=self.etcd_port)
        server.config.template_text = self._with_ports_of_etcd(server.config.template_text)
        server.set_base_dir(str(self.folder))
        server.listen_port = self.port
        server.start()
        assert server.listen_port == self.port
        # It would stop its process when it is collected.
        self._server = server
        eventually(self._is_well, seconds=180)

    def _with_ports_of_etcd(self, template):
        """The server's configuration with a file for the etcd within it, which would else listen at 2379 and
        2380, whatever runs there: the package has no setting for its ports.
        """
        client, peer = (f"http://127.0.0.1:{port}" for port in (self.etcd_port, self.peer_port))
        file = self.folder / "etcd.yaml"
        file.write_text(
            f"listen-client-urls: {client}\nadvertise-client-urls: {client}\n"
            f"listen-peer-urls: {peer}\ninitial-advertise-peer-urls: {peer}\n"
            f"initial-cluster: default={peer}\n"
        )
        start, section, rest = template.partition("\netcd:\n")
        assert section, "The configuration of this server has no section for etcd"
        return f"{start}{section}  config:\n    path: {file}\n{rest}"

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


def free_ports(count):
    """As many ports that nothing listens at, each another one."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _port in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(
            f"{', '.join(missing)} not installed: pip install -r requirements-services.txt -c constraints.txt"
        )
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
