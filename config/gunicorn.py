"""gunicorn's settings: few processes, as each holds a model; threads, as most of a request waits."""

import os
from typing import Any

# One process per copy of the model; WEB_CONCURRENCY raises it where memory allows.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "8"))
# Never preload: a model or an index that was used before the fork hangs the child.
preload_app = False
timeout = 60
graceful_timeout = 20
# Longer than a proxy keeps an idle connection (nginx: 60 s), or it now and then writes into a closed one.
keepalive = 75
# Leaks of any library stay bounded; the jitter keeps workers from restarting together.
max_requests = 20_000
max_requests_jitter = 2_000
# Uploads go through this folder in small pieces; memory is quicker than a container's disk.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - read before Django  # nosec B108
limit_request_line = 8190
accesslog = None
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
# The control socket would be written into the user's home; signals do the same.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Load model and index after the fork and before the first shopper; probes are answered meanwhile."""
    from search.operations import warm_up  # Django's settings were read only now

    warm_up.in_background()
