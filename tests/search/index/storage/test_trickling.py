"""Object storage that sends or takes a little at a time, each piece well within the timeout of a socket."""

import hashlib
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from catalog.pictures.place import PicturesAway
from search.index.storage.objects import StorageError
from tests.search.index.storage.server import objects_at

pytest.importorskip("boto3", reason="pip install -r requirements-services.txt")
pytestmark = pytest.mark.services

HEAD = b"HTTP/1.1 200 OK\r\nETag: x\r\nLast-Modified: Sun, 01 Mar 2026 00:00:00 GMT\r\n"
WHOLE = HEAD + b"Content-Length: 20000\r\n\r\n"
# What comes before the server begins to trickle.
PIECES = {
    "status line": b"",
    "headers": HEAD,
    "body": WHOLE,
    "body until it hangs up": HEAD + b"Connection: close\r\n\r\n",
}
# Long before the server gives up.
PATIENCE_S, SERVER_S, SOON_S = 0.3, 20, 10


@contextmanager
def trickling(before):
    """A server that answers HEAD at once, and every other request with ``before`` and a byte now and then.

    With None it takes bodies as slowly. Yields its address.
    """
    ended = threading.Event()

    def serve(connection):
        with connection:
            if connection.recv(4).startswith(b"HEAD"):
                connection.recv(65536)
                connection.sendall(WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
                return
            with suppress(OSError):
                connection.sendall(before or b"")
                while not ended.wait(0.05):
                    if before is None:
                        connection.recv(16)
                    else:
                        connection.send(b"X")

    def accept():
        while not ended.is_set():
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=accept, daemon=True).start()
        giving_up = threading.Timer(SERVER_S, ended.set)
        giving_up.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            giving_up.cancel()
            ended.set()


@pytest.fixture(autouse=True)
def environment(monkeypatch, settings):
    monkeypatch.setattr("catalog.outgoing.buckets.CALL_SECONDS", PATIENCE_S)
    monkeypatch.setattr("catalog.outgoing.buckets.LEAST_BYTES_PER_SECOND", 2**40)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    retries = {"mode": "standard", "total_max_attempts": 1}
    settings.S3_CLIENT = {**settings.S3_CLIENT, "s3": {"addressing_style": "path"}, "retries": retries}


@pytest.fixture
def soon():
    """Fails a call that took longer than the patience of its client explains."""
    began = threading.Event()
    late = threading.Timer(SOON_S, began.set)
    late.start()
    yield
    late.cancel()
    assert not began.is_set()


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize(
    "call",
    [
        lambda objects, path: objects.read("CURRENT"),
        lambda objects, path: objects.download("files/base", path),
        lambda objects, path: list(objects.listed("files/")),
        lambda objects, path: objects.write("CURRENT", b"{}", replaces=None),
        lambda objects, path: objects.delete(["files/base"]),
    ],
    ids=["read", "download", "listed", "write", "delete"],
)
def test_an_answer_that_trickles_is_hung_up_on(monkeypatch, tmp_path, soon, piece, call):
    with trickling(PIECES[piece]) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(StorageError, match="too slow"):
            call(objects_at(), tmp_path / "file")


def test_a_server_that_takes_a_file_too_slowly_is_hung_up_on(monkeypatch, tmp_path, soon):
    file = tmp_path / "file"
    # More than the buffers of both sockets take.
    file.write_bytes(bytes(32 * 2**20))
    with trickling(None) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(StorageError, match="too slow"):
            objects_at().upload("files/base", file, hashlib.sha256(file.read_bytes()).hexdigest())


@pytest.mark.parametrize("piece", PIECES)
def test_a_picture_that_trickles_is_away(monkeypatch, settings, soon, piece):
    from botocore.config import Config

    from catalog.pictures.bucket import PictureBucket

    with trickling(PIECES[piece]) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        bucket = PictureBucket(bucket_name="pictures", client_config=Config(**settings.S3_CLIENT))
        with pytest.raises(PicturesAway, match="too slow"):
            bucket.read("pictures/ab/abc.jpg")


def test_a_file_has_the_time_that_its_size_needs(monkeypatch, tmp_path):
    monkeypatch.setattr("catalog.outgoing.buckets.CALL_SECONDS", 2.0)
    monkeypatch.setattr("catalog.outgoing.buckets.LEAST_BYTES_PER_SECOND", 10_000)
    content = WHOLE + b"x" * 5_000
    with trickling(content) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        began = threading.Event()
        early = threading.Timer(3.0, began.set)
        early.start()
        with pytest.raises(StorageError, match="too slow"):
            objects_at().download("files/base", tmp_path / "file")
        # Two seconds, and two for 20,000 bytes.
        assert began.is_set()
