"""gunicorn's settings: few processes, as each holds a model; threads, because most of a request waits."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from config.environment import read_processes, read_threads

try:
    # Each process holds a copy of the model; raise it where memory allows.
    workers = read_processes()
    threads = read_threads()
except ImproperlyConfigured as error:
    sys.exit(str(error))
# Slow clients hold no thread (docs/adr/0010-slow-clients.md).
worker_class = "config.http.buffering_worker.BufferingWorker"
# Of each process; a slow client holds one of them and no thread.
worker_connections = 1000
# The code is imported once, before the fork: a worker that takes the place of a killed one answers at once,
# and all workers share its memory. The model and the index are loaded after it, since one that was used
# before a fork hangs the child. Libraries of macOS must not even be imported before it.
preload_app = sys.platform != "darwin"
timeout = 60
graceful_timeout = 20
# Seconds after which a connection is closed on which nothing comes or goes; longer than a proxy keeps an idle
# connection (nginx: 60), or the proxy sometimes writes to a closed one.
keepalive = 75
# A restart bounds the memory leaks of any library; the jitter keeps workers from restarting together.
max_requests = 20_000
max_requests_jitter = 2_000
# Workers touch a file here as their heartbeat; on a slow disk that blocks, in memory it does not.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - read before Django  # nosec B108
# The worker allows four times as much for all headers together.
limit_request_line = 8190
accesslog = None
# By default gunicorn's own worker classes believe the headers SCRIPT_NAME and PATH_INFO of a proxy on this
# machine. No header may say which path a request is for, whatever class is used.
forwarder_headers = ""
# The control socket would lie in the user's home folder; signals do the same work.
control_socket_disable = True


def post_worker_init(worker: object) -> None:
    """After the fork, load model and index and delete what expired, in threads beside the first requests."""
    import logging

    from config.logs.masking import MaskingFilter  # gunicorn knows the project's folder only now
    from search.encoding.allocation import return_large_blocks
    from search.operations import expiry, warm_up  # the settings are read only after the fork

    logging.getLogger("gunicorn.error").addFilter(MaskingFilter())
    return_large_blocks()
    warm_up.in_background()
    expiry.in_background()
