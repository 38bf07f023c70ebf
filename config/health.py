"""Probes for load balancers: /healthz for liveness, /readyz for readiness."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from catalog.syncing.failures import database_problem as sentence_of
from search.operations import readiness as checks


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, encoder and index are ready, else 503 with each reason and its remedy.

    Staff get ``details`` as well, which name paths of this machine. ``notices`` lists faults that do not stop
    the service, such as a damaged index replaced by an older one.
    """
    problems = {"database": database_problem(), **checks.readiness()}
    ready = not any(problems.values())
    body = {
        "ready": ready,
        "checks": {name: problem or "ok" for name, problem in problems.items()},
        "notices": checks.notices(),
    }
    if not ready and _is_staff(request):
        body["details"] = checks.details()
    return JsonResponse(body, status=200 if ready else 503)


def _is_staff(request: HttpRequest) -> bool:
    try:
        return bool(request.user.is_staff) if request.user.is_authenticated else False
    except Error:  # who it is stands in the database
        return False


def database_problem() -> str | None:
    """One sentence for operators, or None when the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return sentence_of(error)
    return None


urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
