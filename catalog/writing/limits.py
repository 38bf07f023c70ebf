"""How much one call may hold."""

from __future__ import annotations

from django.utils.translation import gettext as _

MAX_ROWS = 1000
MAX_BYTES = 10 * 1024 * 1024
MAX_KEY = 255


def rows_too_large() -> str:
    """What a client does whose call holds too much."""
    return _("That is too much for one call. Send at most %(rows)d rows and %(size)d MB in each.") % {
        "rows": MAX_ROWS,
        "size": MAX_BYTES // 1024**2,
    }
