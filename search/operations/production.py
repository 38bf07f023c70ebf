"""What ``manage.py doctor --production`` asks: whether this installation can stand before customers."""

from __future__ import annotations

import shutil
import socket
import ssl
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.http.request import validate_host
from django.utils import timezone

from search.operations.dependencies import dependencies
from search.operations.findings import Finding, short

SECONDS = 5
CERTIFICATE_DAYS = 14
# Index versions and derivatives are written beside the old ones before these go.
FREE_BYTES, FREE_SHARE = 2 * 1024**3, 0.1
# A nightly backup, and some hours of delay.
BACKUP_AGE = timedelta(hours=30)
# Tokens and cached values of hosts whose clocks differ by more are refused.
CLOCK_SECONDS = 2.0


def tls() -> Iterator[Finding]:
    """Whether the site insists on TLS, and how long the certificate at SITE_URL is valid."""
    if settings.DEBUG or not settings.HTTPS:
        yield Finding("DEBUG is on or HTTPS is off.", "Unset both.")
        return
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or not site.hostname:
        yield Finding("Cookies and redirects insist on TLS.")
        return
    try:
        left = _certificate_end(site.hostname, site.port or 443) - timezone.now()
    except ssl.SSLError as error:
        yield Finding(f"{settings.SITE_URL} has no valid certificate ({short(error)}).", "Renew it.")
    except OSError as error:
        yield Finding(f"{settings.SITE_URL} cannot be reached from here ({short(error)}).")
    else:
        fix = "Renew it." if left < timedelta(days=CERTIFICATE_DAYS) else ""
        yield Finding(f"The certificate of {site.hostname} is valid for {left.days} days.", fix)


def _certificate_end(host: str, port: int) -> datetime:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), tz=UTC)


def proxies() -> Iterator[Finding]:
    count = settings.TRUSTED_PROXY_COUNT
    if count:
        yield Finding(f"The client's address is the {_ordinal(count)} from the right of X-Forwarded-For.")
    else:
        yield Finding(
            "TRUSTED_PROXY_COUNT is 0, but TLS needs a proxy: all clients share its address and budget.",
            "Set TRUSTED_PROXY_COUNT to the number of proxies.",
        )


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def site_url() -> Iterator[Finding]:
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https":
        yield Finding(
            "SITE_URL is unset or not https: links in mails would have the name that a request claims.",
            "Set SITE_URL, such as https://shop.example.",
        )
    elif not validate_host(site.hostname or "", settings.ALLOWED_HOSTS):
        yield Finding(f"The host of SITE_URL is not one of ALLOWED_HOSTS ({site.hostname}).", "Add it there.")
    else:
        yield Finding(f"{settings.SITE_URL} begins the links in mails.")


def mail() -> Iterator[Finding]:
    """Whether mails leave this machine: the server is asked, but none is sent."""
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        yield Finding("Mails are printed on the console.", "Set EMAIL_URL and EMAIL_FROM.")
        return
    if "@localhost" in settings.DEFAULT_FROM_EMAIL:
        yield Finding(f"The sender of mails is {settings.DEFAULT_FROM_EMAIL}.", "Set EMAIL_FROM.")
    try:
        # It logs in as well. smtplib's errors are OSErrors.
        with get_connection(timeout=SECONDS):
            yield Finding(f"{settings.EMAIL_HOST} takes mails.")
    except OSError as error:
        yield Finding(f"{settings.EMAIL_HOST} takes no mails ({short(error)}).", "Correct EMAIL_URL.")


def queue() -> Iterator[Finding]:
    """Whether tasks are kept: by a Redis that evicts none and survives a restart, and by a worker."""
    if not settings.QUEUE_URL:
        yield Finding(
            "There is no task queue: catalogue and index are brought up to date by commands alone.",
            "Set QUEUE_URL and run a Celery worker and beat.",
        )
        if settings.EMBEDDING_WORKERS:
            yield Finding(
                "EMBEDDING_WORKERS has no effect without a task queue.", "Set QUEUE_URL, or unset it."
            )
        return
    from redis import Redis, RedisError

    try:
        with Redis.from_url(
            settings.QUEUE_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
        ) as server:
            yield from queue_server(server.info("memory"), server.info("persistence"))
    except RedisError as error:
        yield Finding(f"The task queue does not answer ({short(error)}).", "Start it, or correct QUEUE_URL.")
        return
    yield from _password("QUEUE_URL", settings.QUEUE_URL)
    yield from _password("REDIS_URL", settings.REDIS_URL)
    yield from worker()


def queue_server(memory: dict[str, object], persistence: dict[str, object]) -> Iterator[Finding]:
    """The findings for the INFO sections "memory" and "persistence" of the queue's Redis."""
    policy = str(memory.get("maxmemory_policy", "unknown"))
    if policy.startswith("allkeys"):
        yield Finding(
            f"The task queue's Redis evicts tasks when its memory is full ({policy}).",
            "Give the queue a Redis of its own with maxmemory-policy noeviction (QUEUE_URL).",
        )
    else:
        yield Finding(f"The task queue's Redis evicts no tasks ({policy}).")
    if not persistence.get("aof_enabled"):
        yield Finding("The task queue's Redis forgets tasks when it restarts.", "Set appendonly yes there.")


def _password(name: str, url: str) -> Iterator[Finding]:
    server = urlsplit(url)
    elsewhere = server.hostname not in {None, "localhost", "127.0.0.1", "::1"}
    if elsewhere and not server.password:
        yield Finding(f"{name} has no password: whoever reaches that Redis can enqueue tasks.", "Set one.")


def worker() -> Iterator[Finding]:
    """Whether workers listen to each queue: one that only embeds carries out no other task."""
    from celery import current_app

    try:
        answers = current_app.control.inspect(timeout=SECONDS).active_queues() or {}
    except OSError as error:
        yield Finding(f"No Celery worker could be asked ({short(error)}).", "Run one.")
        return
    listening = Counter(queue["name"] for queues in answers.values() for queue in queues)
    run = "Run `celery --app config worker --pool=threads`"
    if workers := listening[current_app.conf.task_default_queue]:
        yield Finding(f"{workers} Celery workers answer." if workers > 1 else "A Celery worker answers.")
    else:
        yield Finding("No Celery worker answers.", f"{run}.")
    if settings.EMBEDDING_WORKERS and not listening[settings.EMBEDDING_QUEUE]:
        yield Finding(
            f"EMBEDDING_WORKERS is {settings.EMBEDDING_WORKERS}, but no worker embeds.",
            f"{run} with --queues={settings.EMBEDDING_QUEUE}, or unset it.",
        )


def disk() -> Iterator[Finding]:
    """Whether there is space for data and for the temporary files of uploads."""
    for folder in dict.fromkeys((Path(settings.DATA_DIR), Path(tempfile.gettempdir()))):
        usage = shutil.disk_usage(folder)
        need = FREE_BYTES if folder == Path(settings.DATA_DIR) else FREE_BYTES // 8
        full = usage.free < need or usage.free < usage.total * FREE_SHARE
        yield Finding(
            f"{folder} has {usage.free / 1024**3:.1f} GB free of {usage.total / 1024**3:.1f}.",
            "Free some space, or move it." if full else "",
        )


def backups() -> Iterator[Finding]:
    """Whether the file that the backup job touches is recent."""
    if not settings.BACKUP_STAMP:
        yield Finding(
            "Nothing says when the last backup was made.",
            "Let the backup job touch a file at its end, and name it in BACKUP_STAMP.",
        )
        return
    try:
        made = datetime.fromtimestamp(Path(settings.BACKUP_STAMP).stat().st_mtime, tz=UTC)
    except OSError as error:
        yield Finding(f"No backup was made yet ({short(error)}).", "Run the backup job.")
        return
    old = timezone.now() - made > BACKUP_AGE
    yield Finding(
        f"The last backup is of {made:%Y-%m-%d %H:%M} UTC.", "Look at the backup job." if old else ""
    )


def clock() -> Iterator[Finding]:
    """Whether this machine's clock is that of the database server."""
    if connection.vendor != "postgresql":
        yield Finding("There is no second machine whose clock could differ.")
        return
    try:
        with connection.cursor() as cursor:
            began = time.time()
            cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
            theirs = float(cursor.fetchone()[0])
            ours = (began + time.time()) / 2
    except DatabaseError:
        return  # `database` reports it
    difference = abs(ours - theirs)
    fix = "Set both by NTP." if difference > CLOCK_SECONDS else ""
    yield Finding(f"The database server's clock differs by {difference:.1f} s.", fix)


PRODUCTION: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
    ("TLS", tls),
    ("proxies", proxies),
    ("SITE_URL", site_url),
    ("mail", mail),
    ("task queue", queue),
    ("disk", disk),
    ("backups", backups),
    ("clock", clock),
    ("dependencies", dependencies),
)
