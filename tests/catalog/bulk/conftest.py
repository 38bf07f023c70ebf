"""A server with a key that may write the catalogue."""

import json

import pytest

from accounts import api_keys
from tests.catalog.bulk.calls import OFFERS


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def key():
    _key, text = api_keys.create(name="Back office", may_write_catalogue=True)
    return text


@pytest.fixture
def send(client, key):
    """Post rows as JSON, or a text as JSON Lines."""

    def post(path, rows, *, idempotency_key=None, **extra):
        headers = {"HTTP_X_API_KEY": key, **extra}
        if idempotency_key:
            headers["HTTP_IDEMPOTENCY_KEY"] = idempotency_key
        if isinstance(rows, str | bytes):
            return client.generic("POST", path, rows, "application/x-ndjson", **headers)
        field = "offers" if path.startswith(OFFERS) else "products"
        return client.post(path, json.dumps({field: rows}), content_type="application/json", **headers)

    return post
