"""deploy/nginx.conf before a real gunicorn: it buffers, and tells who asks and whether by TLS."""

import shutil
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.config.http.conftest import served

pytestmark = [pytest.mark.slow, pytest.mark.services]
CONFIGURATION = Path(__file__).resolve().parents[3] / "deploy/nginx.conf"
LIMIT_SECONDS = 40


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """The port of an nginx with the shipped configuration, but for its addresses and folders."""
    if not shutil.which("nginx"):
        pytest.skip("nginx is not installed")
    folder = tmp_path_factory.mktemp("nginx")
    # nginx's workers run as another user.
    for each in (folder, *folder.parents[:3]):
        each.chmod(0o755)
    with served(folder, TRUSTED_PROXY_COUNT="1", HTTPS="on", RATE_LIMIT="1000/m") as (upstream, _process):
        listening = free_port()
        text = CONFIGURATION.read_text()
        for shipped, ours in (
            ("server web:8000;", f"server 127.0.0.1:{upstream};"),
            ("listen 8080;", f"listen 127.0.0.1:{listening};"),
            ("/var/cache/nginx", str(folder)),
            ("/tmp/nginx.pid", str(folder / "nginx.pid")),  # noqa: S108 - what stands in the file
        ):
            assert text.count(shipped) >= 1
            text = text.replace(shipped, ours)
        (folder / "nginx.conf").write_text(text)
        command = ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
        process = subprocess.Popen(command)  # noqa: S603 - our own server
        try:
            until_listening(listening, process)
            yield listening
        finally:
            process.terminate()
            process.wait(30)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until_listening(port, process):
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    pytest.fail(f"nginx ended with {process.returncode}")


def get(port, path, **headers):
    address = f"http://127.0.0.1:{port}{path}"
    return requests.get(address, headers=headers, timeout=LIMIT_SECONDS, allow_redirects=False)


def test_slow_bodies_do_not_reach_the_application(port):
    head = (
        b"POST /api/v1/image-search HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b"
    )
    with ExitStack() as stack:
        for _number in range(40):
            client = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            client.sendall(head)
        assert get(port, "/healthz").status_code == 200


def test_a_client_without_tls_is_redirected(port):
    response = get(port, "/auth/login")
    assert response.status_code == 301
    assert response.headers["Location"].startswith("https://127.0.0.1")


def test_the_proxy_before_it_says_that_tls_was_used(port):
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
    assert get(port, "/auth/login", **headers).status_code == 200


def test_metrics_are_not_for_the_outside(port):
    assert get(port, "/metrics").status_code == 404


def test_a_body_that_is_too_large_is_refused_as_json(port):
    response = requests.post(
        f"http://127.0.0.1:{port}/api/v1/image-search",
        files={"image": b"x" * (13 * 1024 * 1024)},
        timeout=LIMIT_SECONDS,
    )
    assert response.status_code == 413
    assert response.json()["detail"]
