"""Which failures are outages, answered by 503 with Retry-After: database or disk refuse for now."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, Error, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from catalog.pictures.place import PicturesAway
from config.postgresql import waits

RETRY_SECONDS = 5
# The disk is full, over its quota, read-only or failing, or the process has no file descriptor left.
_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE}
_READ_ONLY_TRANSACTION = "25006"


@dataclass(frozen=True)
class Outage:
    """``detail`` is for the visitor."""

    code: str
    detail: str


class BoundedWaitMiddleware:
    """Bounds what each statement of a request may take on PostgreSQL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with waits.limited(waits.STATEMENT_SECONDS):
            return self.get_response(request)


def outage_of(error: BaseException | None) -> Outage | None:
    """None for an exception that is no outage, and so a fault of ours."""
    if isinstance(error, PicturesAway):
        return Outage("not_ready", _("The shop cannot reach its pictures just now. Try again in a moment."))
    if _refuses_to_write(error):
        return Outage("not_writable", _("The shop cannot save anything just now. Try again in a moment."))
    # While the server does not answer, what fails next may be another error, such as one in a transaction
    # whose connection was closed.
    if isinstance(error, OperationalError) or (isinstance(error, Error) and waits.outage.is_open):
        return Outage(
            "database_away", _("The shop cannot reach its database just now. Try again in a moment.")
        )
    return None


def _refuses_to_write(error: BaseException | None) -> bool:
    if isinstance(error, OSError):
        return error.errno in _DISK
    cause = error.__cause__ if isinstance(error, DatabaseError) else None
    if isinstance(error, InternalError):
        return getattr(cause, "sqlstate", "") == _READ_ONLY_TRANSACTION
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL)
