"""One tap off: the form by which a browser's shopper has the session forgotten, and none begun."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from analytics.sessions import forgetting, keys


@require_POST
def session(request: HttpRequest) -> HttpResponse:
    """Forget the session; ``state`` "off" keeps it off until "on"."""
    forgetting.forget(keys.of_request(request) or keys.objected(request))
    is_fragment = request.htmx  # type: ignore[attr-defined]  # set by its middleware
    response = HttpResponse(status=204) if is_fragment else HttpResponseRedirect(reverse("home"))
    if request.POST.get("state") == "off":
        keys.set_cookie(response, keys.OFF)
    else:
        keys.clear_cookie(response)
    return response
