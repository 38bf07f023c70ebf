"""gunicorn's settings: few processes, because each holds a model; threads, because most of a request waits.

gunicorn reads this file before Django reads ``.env``, so its variables come from the environment alone.
"""

import os

# Each process holds a copy of the model; raise it where memory allows.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
# Threads, and refusals of the API in its own form.
worker_class = "config.http.worker.Worker"
threads = int(os.environ.get("WEB_THREADS", "8"))
# A model or an index that was used before the fork hangs the child.
preload_app = False
timeout = 60
graceful_timeout = 20
# Seconds; longer than a proxy keeps an idle connection (nginx: 60), or the proxy sometimes writes to a
# closed one.
keepalive = 75
# A restart bounds the memory leaks of any library; the jitter keeps workers from restarting together.
max_requests = 20_000
max_requests_jitter = 2_000
# Workers touch a file here as their heartbeat; on a slow disk that blocks, in memory it does not.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - read before Django  # nosec B108
limit_request_line = 8190
accesslog = None
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
# By default gunicorn believes the headers SCRIPT_NAME and PATH_INFO of a client whose proxy on this machine
# passes them on. No header may say which path a request is for.
forwarder_headers = ""
# The control socket would lie in the user's home folder; signals do the same work.
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """After the fork, load model and index and delete what expired, in threads beside the first requests."""
    from search.operations import expiry, warm_up  # the settings are read only after the fork

    warm_up.in_background()
    expiry.in_background()
