"""The site's URLs with a few that fail, for tests of errors and headers (``pytest.mark.urls``)."""

from django.db import OperationalError
from django.http import HttpResponse
from django.urls import include, path
from rest_framework.views import APIView


def broken(request):
    raise RuntimeError("a secret of the server's inside")


class BrokenEndpoint(APIView):
    def get(self, request):
        raise RuntimeError("a secret of the server's inside")


def locked(request):
    raise OperationalError("database is locked: a secret of the server's inside")


urlpatterns = [
    path("nonce", lambda request: HttpResponse(str(request.csp_nonce))),
    path("broken", broken),
    path("api/v1/broken", BrokenEndpoint.as_view()),
    path("locked", locked),
    path("api/v1/locked", locked),
    path("", include("config.urls")),
]
handler400 = "config.http.errors.bad_request"
handler403 = "config.http.errors.forbidden"
handler404 = "config.http.errors.not_found"
handler500 = "config.http.errors.server_error"
