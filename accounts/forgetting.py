"""What an account leaves behind in other packages, which the settings name: taken out with the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from accounts.models import User


def before_forgetting() -> None:
    """What has to happen before the transaction that deletes an account: see settings.BEFORE_FORGETTING."""
    for path in settings.BEFORE_FORGETTING:
        import_string(path)()


def forget(user: User) -> None:
    """Take the user out of other packages, in the transaction that deletes the account."""
    for path in settings.FORGET_SECTIONS:
        import_string(path)(user)
