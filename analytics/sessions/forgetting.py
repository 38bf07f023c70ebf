"""Sessions end: on request, at sign-in, and after their time."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from analytics import recording
from analytics.events.models import Event
from analytics.models import SearchLog
from analytics.sessions import keys

# Seconds that a request waits until what was seen just before is written.
_FLUSH_S = 1.0
# What a session is called once its time is over: a random text with this in front, which no client can name.
_PAST = "-"
_BATCH = 1000


def forget(session: str) -> int:
    """Delete the events of a session; its searches stay in the log as searches of nobody. Returns how many
    there were.
    """
    if not session:
        return 0
    # Rows that are still in a write buffer, of this process or of another one, would otherwise be written
    # afterwards, and a client that uses its session's name again would have its taste back.
    recording.settle(_FLUSH_S)
    with transaction.atomic():
        SearchLog.objects.filter(session=session).update(session="", visitor="")
        deleted, _by_model = Event.objects.filter(session=session, user=None).delete()
    return deleted


def forget_where_objected(request: keys.Asked, response: HttpResponseBase) -> None:
    """Forget the session of a browser that may have none any more, and take its cookie back."""
    if session := keys.objected(request):
        forget(session)
        keys.clear_cookie(response)


def merge(request: HttpRequest, user: User) -> None:
    """Give what the session holds to the person who signs in; called through ``settings.SIGNED_IN``.

    A person who wants no personal results gets nothing, and the session is forgotten.
    """
    session = keys.of_request(request)
    if not session:
        forget(keys.objected(request))
        return
    if not user.personal_results:
        forget(session)
        return
    recording.flush(_FLUSH_S)
    with transaction.atomic():
        SearchLog.objects.filter(session=session, user=None).update(user=user, session="", visitor="")
        Event.objects.filter(session=session, user=None).update(user=user)


def expire(now: datetime) -> int:
    """Cut the sessions that were last active before their time from their clients; returns how many.

    Their events keep a random name in common: products that were seen together can be told from it, and no
    client.
    """
    before = now - keys.lifetime()
    SearchLog.objects.filter(timestamp__lt=before).exclude(session="").update(session="")
    named = Event.objects.exclude(session="").exclude(session__startswith=_PAST)
    over = named.values("session").annotate(last=Max("timestamp")).filter(last__lt=before)
    sessions = list(over.values_list("session", flat=True))
    for start in range(0, len(sessions), _BATCH):
        with transaction.atomic():
            for session in sessions[start : start + _BATCH]:
                Event.objects.filter(session=session).update(session=_PAST + secrets.token_hex(15))
    return len(sessions)
