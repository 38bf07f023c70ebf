"""Versions in a real S3 server: publishing, fetching, races, outages, killed writers, readers under load."""

import random
import socket
import threading
import time

import numpy as np
import pytest
from django.conf import settings as django_settings

from search.index.storage.bucket import VersionBucket
from search.index.storage.objects import LostRace, ObjectMissing, StorageError
from search.index.storage.store import BucketIndexStore
from search.index.store import IndexStore
from search.index.version import verified
from tests.search.index.deltas.test_delta_crashes import private_bytes, publish_base, publish_delta
from tests.search.index.published import NOW, publish
from tests.search.index.storage.server import BUCKET, PREFIX, host_at, objects_at, publisher, s3_server

boto3 = pytest.importorskip("boto3", reason="pip install -r requirements-services.txt")
pytestmark = pytest.mark.services
KILLS = 20


@pytest.fixture(scope="module")
def server():
    """The address of an S3 server on a free port, in a process of its own: memory is measured here."""
    pytest.importorskip("moto.server", reason="pip install -r requirements-services.txt")
    with s3_server() as process:
        host, port = process.stdout.readline().split()
        yield f"http://{host}:{port}"
        process.kill()


@pytest.fixture(autouse=True)
def environment(server, monkeypatch, settings):
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    settings.S3_CLIENT = {**settings.S3_CLIENT, "s3": {"addressing_style": "path"}}


@pytest.fixture
def client():
    """A client beside the product's, with an empty bucket."""
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    yield client
    for each in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=each["Key"])
    client.delete_bucket(Bucket=BUCKET)


def keys_of(client, part=""):
    found = client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
    return [each["Key"] for each in found if part in each["Key"]]


def test_one_host_serves_what_another_one_publishes(client, tmp_path):
    one, two = host_at(tmp_path / "one"), host_at(tmp_path / "two")
    publish_base(one)
    two.follow()
    published = publish_delta(one, 1)
    two.follow()
    assert two.storage_problem is None
    assert two.current().manifest.version == published.manifest.version
    assert all(key.startswith(f"{PREFIX}/") for key in keys_of(client))


def test_an_unchanged_pointer_is_not_sent_again(client, tmp_path):
    store = host_at(tmp_path)
    publish(store, 1)
    objects = store.bucket.objects
    content, tag = objects.read("CURRENT")
    assert content
    assert objects.read("CURRENT", unless=tag) is None


def test_two_writers_at_once_never_overwrite_each_other(client, tmp_path):
    hosts = [host_at(tmp_path / str(number)) for number in range(2)]
    publish(hosts[0], 0)
    barrier, results = threading.Barrier(2), []

    def write(number):
        for turn in range(5):
            with hosts[number].writing(NOW):
                barrier.wait()
                try:
                    results.append((turn, publish(hosts[number], 1 + number)))
                except LostRace:
                    results.append((turn, None))
            barrier.wait()

    threads = [threading.Thread(target=write, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for turn in range(5):
        assert sorted(name is None for at, name in results if at == turn) == [False, True]
    assert hosts[0].bucket.pointer().version == max(name for _turn, name in results if name)


def test_a_damaged_a_missing_and_a_half_uploaded_object_are_refused(client, tmp_path):
    one, two = host_at(tmp_path / "one"), host_at(tmp_path / "two")
    old = publish(one, 1)
    two.follow()
    for number, content in enumerate((b"garbage", None, b"")):
        publish(one, 2 + number)
        pointer = one.bucket.pointer()
        record = one.bucket.record(pointer.kept[pointer.version])
        key = f"{PREFIX}/{record.keys['vectors.npy']}"
        if content is None:
            client.delete_object(Bucket=BUCKET, Key=key)
        else:
            client.put_object(Bucket=BUCKET, Key=key, Body=content)
        two.follow()
        two.expire()
        assert two.current().manifest.version == old
        assert "cannot be fetched" in two.storage_problem


def test_a_large_file_goes_up_and_down_in_parts(client, tmp_path):
    file = tmp_path / "vectors.npy"
    file.write_bytes(random.Random(1).randbytes(12 * 1024 * 1024))
    objects = objects_at(parts_from=6 * 1024 * 1024)
    objects.upload("files/large", file, "0" * 64)
    objects.download("files/large", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == file.read_bytes()


def test_what_is_not_there_is_missing_and_not_an_outage(client, tmp_path):
    with pytest.raises(ObjectMissing):
        objects_at().read("CURRENT")
    with pytest.raises(ObjectMissing):
        objects_at().download("files/none", tmp_path / "none")


def test_a_bucket_that_does_not_exist_is_a_refusal(client, tmp_path):
    store = host_at(tmp_path, bucket="another")
    with pytest.raises(StorageError, match=r"s3://another/shop/index refuses the request \(NoSuchBucket\)\."):
        publish(store, 1)


def test_a_server_that_is_away_fails_with_a_sentence(tmp_path, monkeypatch, closed_port):
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port}")
    store = host_at(tmp_path)
    with pytest.raises(StorageError, match=r"does not answer \(EndpointConnectionError\)\."):
        publish(store, 1)


def test_a_server_that_never_answers_fails_with_a_sentence(tmp_path, monkeypatch, settings):
    settings.S3_CLIENT = {
        **settings.S3_CLIENT,
        "read_timeout": 0.2,
        "retries": {"mode": "standard", "total_max_attempts": 1},
    }
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        store = host_at(tmp_path)
        assert store.follow() > 1
    assert "does not answer (ReadTimeoutError)." in store.storage_problem


def test_deleting_many_objects_takes_several_requests(client, monkeypatch):
    monkeypatch.setattr("search.index.storage.s3.MOST_DELETED", 2)
    for number in range(5):
        client.put_object(Bucket=BUCKET, Key=f"{PREFIX}/files/{number}", Body=b"x")
    objects = objects_at()
    objects.delete([each.key for each in objects.listed("files/")])
    assert keys_of(client) == []


@pytest.mark.parametrize("kind", ["s3", "disk"])
def test_writers_killed_at_random_leave_a_whole_version_and_lose_nothing(client, tmp_path, kind):
    store = host_at(tmp_path / "writer") if kind == "s3" else IndexStore(tmp_path / "writer")
    publish_base(store)
    chance, acknowledged = random.Random(20), store.pointed()
    for kill in range(KILLS):
        process = publisher(kind, store.root, kill * 40)
        with process:
            assert process.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0.0, 1.0))
            process.kill()
            names = process.stdout.read().split()
        acknowledged = max([acknowledged, *names])
        served = whole_version(kind, store.root, tmp_path / f"reader-{kill}")
        assert served >= acknowledged
        acknowledged = served
    if kind == "s3":
        store = host_at(store.root)
    assert publish_delta(store, 999).manifest.version > acknowledged


def whole_version(kind, root, fresh):
    """The name of the version that a new reader gets, every byte and all test queries verified."""
    reader = IndexStore(root) if kind == "disk" else host_at(fresh)
    if kind == "s3":
        reader._follow()
    index = verified(reader.root / "versions" / reader.pointed())
    assert reader.current().manifest.version == index.manifest.version
    assert reader.problem is None
    assert len(index.nearest(np.array(index.vectors[9]), 5)[0]) == 5
    return index.manifest.version


def test_readers_answer_without_an_error_through_fifty_publications(client, tmp_path, monkeypatch):
    for module in ("store", "followed"):
        monkeypatch.setattr(f"search.index.storage.{module}.CHECK_SECONDS", 0.05)
    one = host_at(tmp_path / "one")
    publish_base(one)
    two = BucketIndexStore(tmp_path / "two", VersionBucket(objects_at()))
    problems, seen, sizes, done = [], set(), [], threading.Event()

    def read():
        while not done.is_set():
            two.expire()
            index = two.current()
            keys = index.keys[index.nearest(np.array(index.vectors[9]), 3)[0]]
            if keys[0] != 9 or two.problem or two.storage_problem:
                problems.append((keys, two.problem, two.storage_problem))
            seen.add(index.manifest.version)
            done.wait(0.002)

    threads = [threading.Thread(target=read) for _thread in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 51):
        publish_delta(one, number)
        sizes.append(private_bytes())
    # A reader that is overtaken by every publication follows once they pause.
    give_up_at = time.monotonic() + 60
    while one.pointed() not in seen and time.monotonic() < give_up_at:
        time.sleep(0.05)
    done.set()
    for thread in threads:
        thread.join()
    two._follower.stop()
    assert problems == []
    assert one.pointed() in seen
    assert len(two.versions()) <= django_settings.INDEX_KEPT_VERSIONS + 1
    assert max(sizes[10:]) - sizes[9] < 64 * 1024 * 1024
