"""What django-axes keeps of wrong passwords: rows with an e-mail address, deleted as soon as may be."""

from __future__ import annotations

from datetime import datetime

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from accounts.models import User


def forget(user: User) -> None:
    """Delete what names the user's e-mail. Called through ``settings.FORGET_SECTIONS`` before a deletion."""
    for kind in (AccessAttempt, AccessFailureLog, AccessLog):
        kind.objects.filter(username=user.email).delete()
    # Staff's own log of the admin describes each row by its text, which is the e-mail.
    about = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk)
    )
    about.update(object_repr=str(user.pk))


def prune(now: datetime) -> int:
    """Delete the attempts that lock nobody out any more; returns how many."""
    old = AccessAttempt.objects.filter(attempt_time__lte=now - settings.AXES_COOLOFF_TIME)
    deleted: int = old.delete()[0]
    return deleted
