"""Real shops, started once for all tests; each test has a catalogue of its own."""

import pytest
from django.conf import settings

from tests.real_shops import servers
from tests.real_shops.following import Follower
from tests.real_shops.medusa.shop import Medusa
from tests.real_shops.vendure.shop import Vendure

SECRET = "a-secret-of-the-shop"
HERE = servers.PROJECT / "tests" / "real_shops"
VENDURE = ["@vendure/core@3.7.3", "@vendure/asset-server-plugin@3.7.3", "sql.js@1.16.0"]
MEDUSA = ["@medusajs/cli@2.21.2", "@medusajs/framework@2.21.2", "@medusajs/medusa@2.21.2"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """A database in a file: one in memory refuses a look-up while a test reads, instead of waiting."""
    test = settings.DATABASES["default"].setdefault("TEST", {})
    if "sqlite" in settings.DATABASES["default"]["ENGINE"]:
        test["NAME"] = str(tmp_path_factory.mktemp("database") / "db.sqlite3")


@pytest.fixture(autouse=True)
def catalogue(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    # The shops and their pictures are on this machine.
    settings.ALLOW_PRIVATE_FEEDS = True
    # Always: a message that is refused is sent again during a later test.
    settings.VENDURE_WEBHOOK_SECRET = settings.MEDUSA_WEBHOOK_SECRET = SECRET


@pytest.fixture
def follower(monkeypatch, live_server):
    return Follower(monkeypatch)


@pytest.fixture(scope="session")
def vendure(tmp_path_factory, live_server):
    servers.require_node()
    folder, port = tmp_path_factory.mktemp("vendure"), servers.free_port()
    files = {
        "server.js": HERE / "vendure" / "server.js",
        "tandem": servers.PROJECT / "integrations" / "vendure",
    }
    servers.project(folder, servers.installed("vendure", VENDURE), files)
    address = f"http://127.0.0.1:{port}"
    environment = {
        "PORT": str(port),
        "WEBHOOK_URL": f"{live_server.url}/webhooks/vendure",
        "WEBHOOK_SECRET": SECRET,
    }
    with servers.serving(["node", "server.js"], folder, environment, f"{address}/health"):
        yield Vendure(address)


@pytest.fixture(scope="session")
def medusa(tmp_path_factory, live_server):
    servers.require_node()
    folder, port = tmp_path_factory.mktemp("medusa"), servers.free_port()
    files = {
        "medusa-config.js": HERE / "medusa" / "medusa-config.js",
        "src/subscribers/tandem.js": servers.PROJECT / "integrations" / "medusa" / "tandem.js",
    }
    servers.project(folder, servers.installed("medusa", MEDUSA), files)
    with servers.postgresql() as database:
        environment = {
            "PORT": str(port),
            "DATABASE_URL": f"{database}?sslmode=disable",
            "TANDEM_WEBHOOK_URL": f"{live_server.url}/webhooks/medusa",
            "TANDEM_WEBHOOK_SECRET": SECRET,
        }
        with servers.medusa_server(folder, environment, f"http://127.0.0.1:{port}") as address:
            yield Medusa(address)
