"""A bucket of pictures that hangs holds few threads."""

import threading

import pytest

from config.http import media
from config.http.bucket_reads import BucketReads

ADDRESS = "/media/pictures/ab/" + "ab" * 32 + "-320.webp"


class HangingBucket:
    """Says when it is asked, and answers when it is told to."""

    def __init__(self):
        self.asked, self.let_go = threading.Event(), threading.Event()

    def read(self, name):
        self.asked.set()
        self.let_go.wait(5)
        return b"picture", 0.0


@pytest.fixture
def bucket(monkeypatch):
    bucket = HangingBucket()
    monkeypatch.setattr(media, "picture_bucket", lambda: bucket)
    monkeypatch.setattr(media, "_reads", BucketReads(1))
    monkeypatch.setattr("config.http.bucket_reads.WAIT_S", 0.01)
    return bucket


def test_a_picture_beside_one_that_hangs_is_503_with_a_time_to_try_again(rf, client, bucket):
    waiting = threading.Thread(target=media.media, args=(rf.get(ADDRESS), ADDRESS.removeprefix("/media/")))
    waiting.start()
    try:
        assert bucket.asked.wait(5)
        client.raise_request_exception = False
        response = client.get(ADDRESS)
        assert response.status_code == 503
        assert response["Retry-After"]
    finally:
        bucket.let_go.set()
        waiting.join()
    assert client.get(ADDRESS).content == b"picture"
