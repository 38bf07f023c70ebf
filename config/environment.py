"""Readers of environment variables for the settings: each refuses a value that it does not understand.

Every ``read_*`` strips the value and takes an empty variable for an unset one. A bad value raises
ImproperlyConfigured with a sentence that names the variable and says what to write. Importing this module
reads ``.env``; a variable that the environment already has wins over the file.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# django-environ reads "DEBUG=fasle" as False without a word.
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_HOST = re.compile(r"\*|\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.?|\[[0-9A-Fa-f:.]+\]")
_HOST_AND_PORT = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(:[0-9]*)?")
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_DEFAULT_SECRETS = ("development-only", "django-insecure", "change-me")
_SQLITE_OPTIONS = {
    # WAL lets readers go on beside the one writer; immediate transactions take the write lock up
    # front, so two threads queue on the busy timeout instead of failing on an upgrade.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}
# A network that is gone breaks a connection after about five seconds, also those of commands and tasks, on
# which no statement is bounded. Two seconds are the least that libpq takes for connecting.
_POSTGRESQL_OPTIONS = {
    "connect_timeout": 2,
    "tcp_user_timeout": 4000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
}


def read_text(name: str, *, default: str = "") -> str:
    value: str = env.str(name, default="")
    return value.strip() or default


def read_bool(name: str, *, default: bool) -> bool:
    """One of 1, true, yes, on, 0, false, no, off, in any case."""
    value = read_text(name)
    if value == "":
        return default
    if value.lower() in _TRUE:
        return True
    if value.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither on nor off. Write {name}=on or {name}=off.")


def read_int(name: str, *, default: int, low: int, high: int) -> int:
    """A whole number in [low, high]."""
    text = read_text(name)
    try:
        value = int(text) if text else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text!r} is not a whole number.") from None
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name}={value} is outside {low} to {high}.")
    return value


def read_processes() -> int:
    return read_int("WEB_CONCURRENCY", default=1, low=1, high=64)


def read_threads() -> int:
    """WEB_THREADS: in how many threads each process of the server answers.

    Python runs one of them at a time: the more, the fewer requests were answered, from three to eight.
    """
    return read_int("WEB_THREADS", default=3, low=1, high=256)


def read_list(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """The non-empty parts of a comma-separated variable."""
    return [part.strip() for part in read_text(name).split(",") if part.strip()] or list(default)


def read_url(name: str, *, schemes: tuple[str, ...]) -> str:
    """A URL with one of ``schemes``, or "" when unset. No refusal repeats it: it may hold a password."""
    value = read_text(name)
    scheme, separator, _rest = value.partition("://")
    if value and not (separator and scheme in schemes):
        raise ImproperlyConfigured(f"{name} must start with one of: {', '.join(s + '://' for s in schemes)}.")
    if not _has_ports_of_digits(value):
        raise ImproperlyConfigured(
            f"{name} cannot be read. A port is a number, and in a password / is written %2F, # %23 and ? %3F."
        )
    if scheme in {"http", "https"} and not urlsplit(value).hostname:
        raise ImproperlyConfigured(f"{name} names no host. Write for example {name}=https://shop.example.")
    return value


def _has_ports_of_digits(url: str) -> bool:
    """False where a password has a / that was not escaped. PostgreSQL may have several hosts, SQLite none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    hosts = parts.netloc.rpartition("@")[2].split(",")
    return parts.scheme == "sqlite" or all(_HOST_AND_PORT.fullmatch(host) for host in hosts)


def read_pairs(name: str) -> dict[str, str]:
    """The value of each key of ``key=value`` pairs, separated by commas."""
    pairs = [part.partition("=") for part in read_list(name)]
    found = {key.strip(): value.strip() for key, _sign, value in pairs}
    if len(found) < len(pairs) or not all(found.values()):
        raise ImproperlyConfigured(
            f"{name} is a list of name=address, each name once. In an address a comma is written %2C."
        )
    return found


def read_choice(name: str, *, choices: tuple[str, ...]) -> str:
    """One of ``choices``, in any case; the first of them when unset."""
    value = read_text(name, default=choices[0]).lower()
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(choices)}.")
    return value


def read_bucket(name: str, *, needs: str) -> tuple[str, str] | None:
    """Bucket and prefix of ``s3://bucket/prefix``, or None when unset; ``needs`` is a package."""
    value = read_url(name, schemes=("s3",))
    if not value:
        return None
    bucket, _slash, prefix = value.removeprefix("s3://").partition("/")
    prefix = prefix.strip("/")
    if not _BUCKET.fullmatch(bucket) or "//" in prefix or {".", ".."} & {*prefix.split("/")}:
        raise ImproperlyConfigured(f"{name}={value!r} names no bucket. Write {name}=s3://bucket/prefix.")
    if find_spec(needs) is None:
        raise ImproperlyConfigured(
            f"{name} needs {needs}. Run `pip install -r requirements-s3.txt -c constraints.txt`."
        )
    return bucket, prefix


def read_rate(name: str, *, default: str = "") -> str:
    """A rate as ``number/period`` with the period s, m, h or d; "" when unset and without a default."""
    value = read_text(name, default=default)
    if not value:
        return ""
    number, _slash, period = value.partition("/")
    if not number.isdigit() or period not in {"s", "m", "h", "d"}:
        raise ImproperlyConfigured(f"{name}={value!r} is not a rate. Write for example {name}=100/m.")
    return value


def read_together(*names: str) -> tuple[str, ...]:
    """Variables that work only together: either all are set, or all are ""."""
    values = tuple(read_text(name) for name in names)
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing and len(missing) < len(names):
        given = ", ".join(name for name in names if name not in missing)
        raise ImproperlyConfigured(
            f"{given} needs {', '.join(missing)} too. docs/shops.md says where they are."
        )
    return values


def read_hosts(*, debug: bool) -> list[str]:
    """ALLOWED_HOSTS. Refuses "*" outside debugging, because links on pages carry the host's name."""
    hosts = read_list("ALLOWED_HOSTS", default=("localhost", "127.0.0.1", "[::1]"))
    if "*" in hosts and not debug:
        raise ImproperlyConfigured("ALLOWED_HOSTS=* lets anyone name the site. Write the site's own names.")
    for host in hosts:
        # No request would ever match it.
        if not _HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"ALLOWED_HOSTS: {host!r} is no host name. Write names alone, without https:// and port, "
                "separated by commas."
            )
    return hosts


def read_secret_key(data_dir: Path, *, debug: bool) -> str:
    """SECRET_KEY, else the key that ``make setup`` wrote; a fixed development key only under ``debug``."""
    key_file = data_dir / "secret_key"
    key = read_text("SECRET_KEY")
    if not key and key_file.is_file():
        key = key_file.read_text().strip()
    if not key and debug:
        key = "development-only-" + "0" * 50
    if not key:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it in the environment, or run `make setup` once."
        )
    if not debug and (len(key) < 50 or key.startswith(_DEFAULT_SECRETS)):
        raise ImproperlyConfigured(
            "SECRET_KEY is a default or shorter than 50 characters. Make a random one."
        )
    return key


def read_database(data_dir: Path) -> dict[str, Any]:
    """DATABASE_URL as an entry of DATABASES: PostgreSQL, or SQLite in ``data_dir`` when unset."""
    url = read_url("DATABASE_URL", schemes=("postgres", "postgresql", "sqlite"))
    database: dict[str, Any] = dict(env.db_url_config(url or f"sqlite:///{data_dir / 'db.sqlite3'}"))
    # Opening one costs more than any query of a page; closing the last one of a WAL file writes it back.
    database["CONN_MAX_AGE"] = 60
    if "sqlite" in database["ENGINE"]:
        database["ENGINE"] = "config.sqlite"
        database["OPTIONS"] = dict(_SQLITE_OPTIONS)
    else:
        if not (database["NAME"] or "service" in database.get("OPTIONS", {})):
            raise ImproperlyConfigured(
                "DATABASE_URL names no database. Write postgres://user:password@host:5432/name."
            )
        database["ENGINE"] = "config.postgresql"
        database["CONN_HEALTH_CHECKS"] = True
        database["OPTIONS"] = {**_POSTGRESQL_OPTIONS, **database.get("OPTIONS", {})}
    return database


def read_mail() -> dict[str, Any]:
    """EMAIL_URL as Django's EMAIL_* settings; without it, mails are printed on the console.

    A mail server needs SITE_URL: links in mails must not begin with what a request calls the host.
    """
    url = read_url("EMAIL_URL", schemes=("smtp", "smtp+tls", "smtp+ssl", "consolemail"))
    if url.startswith("smtp") and not read_text("SITE_URL"):
        raise ImproperlyConfigured(
            "EMAIL_URL needs SITE_URL too, the start of links in mails. Write for example "
            "SITE_URL=https://shop.example."
        )
    mail: dict[str, Any] = env.email_url_config(url or "consolemail://")
    return mail


def read_sender(*, host: str) -> str:
    """EMAIL_FROM, by default no-reply at ``host``."""
    sender = read_text("EMAIL_FROM", default=f"Tandem <no-reply@{host.lstrip('.')}>")
    if "@" not in sender or not sender.isprintable():
        raise ImproperlyConfigured(f"EMAIL_FROM={sender!r} is not an e-mail address.")
    return sender
