"""The shop's own URLs, and one more for each error page that a browser cannot easily cause."""

from django.urls import path

from config.http import errors
from config.urls import *  # noqa: F403 - the shop's handlers and patterns
from config.urls import urlpatterns as shop


def refuse(request, status):
    """The page of a status, as the middleware and the handlers render it."""
    if status == 500:
        return errors.server_error(request)
    wait = 30 if status in (429, 503) else None
    return errors.refusal(request, status, "refused", "Refused.", retry_after=wait)


urlpatterns = [*shop, path("refused/<int:status>", refuse), path("stale-form", errors.csrf_failure)]
