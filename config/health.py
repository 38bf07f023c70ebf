"""Liveness and readiness for load balancers: /healthz says the process answers, /readyz says it can serve."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from search.operations import readiness as checks


@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, encoder and index are ready, else 503 with each reason and its remedy.

    What serves in spite of a fault, such as an older index for a damaged one, stands under ``notices``.
    """
    problems = {"database": database_problem(), **checks.readiness()}
    ready = not any(problems.values())
    body = {
        "ready": ready,
        "checks": {name: problem or "ok" for name, problem in problems.items()},
        "notices": checks.notices(),
    }
    return JsonResponse(body, status=200 if ready else 503)


def database_problem() -> str | None:
    """Why the database cannot serve, in one sentence, or None."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return f"The database does not answer ({type(error).__name__}). Check DATABASE_URL and the server."
    return None


urlpatterns = [path("healthz", healthz, name="healthz"), path("readyz", readyz, name="readyz")]
