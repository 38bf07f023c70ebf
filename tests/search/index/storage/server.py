"""An S3 server of the test's own, and what processes that are killed do with it."""

import os
import subprocess
import sys
from pathlib import Path

from search.index.storage.bucket import VersionBucket
from search.index.storage.store import BucketIndexStore
from search.index.store import IndexStore
from tests.search.index.deltas.test_delta_crashes import publish_delta

ROOT = Path(__file__).resolve().parents[4]
BUCKET, PREFIX = "tandem", "shop/index"

PUBLISHING = """
import sys, django
django.setup()
from tests.search.index.storage.server import publish_for_ever
publish_for_ever(*sys.argv[1:])
"""


SERVING = """
import sys
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(*server.get_host_and_port(), flush=True)
sys.stdin.read()
"""


def s3_server():
    """A process that serves S3 and writes its host and port; it ends with its standard input."""
    return subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", SERVING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def objects_at(bucket=BUCKET, **options):
    # boto3 is installed where the tests of services run.
    from search.index.storage.s3 import S3Objects

    return S3Objects(bucket, PREFIX, **options)


def host_at(root, *, bucket=BUCKET):
    """The store of a host, which follows only when told to."""
    store = BucketIndexStore(Path(root), VersionBucket(objects_at(bucket)))
    store.root.mkdir(parents=True, exist_ok=True)
    store._follower.stop()
    return store


def publish_for_ever(kind, root, start):
    """Publish deltas one after another, and write the name of each once it is published."""
    store = host_at(root) if kind == "s3" else IndexStore(Path(root))
    _say("ready")
    number = int(start)
    while True:
        number += 1
        _say(publish_delta(store, number % 1000).manifest.version)


def _say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def publisher(kind, root, start):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", PUBLISHING, kind, str(root), str(start)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
