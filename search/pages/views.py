"""The shopper's door to search: parse, make one domain call, show the answer or the refusal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from catalog.models import Product
from catalog.pictures.decoding import InvalidImage
from search import images, retrieval
from search.engine import Busy, NotReady
from search.images import UnknownImage
from search.pages import home as picks
from search.pages import results as pages
from search.pages.addresses import read_query, results_url
from search.query import InvalidQuery, SearchQuery, Upload
from search.result import SearchResult

View = Callable[..., HttpResponseBase]

STATUS_OF_IMAGE = {"unreadable": 400, "type": 415, "size": 413}
# How many seconds to wait for an index that is not there yet.
RETRY_NOT_READY = 30
SIMILAR = 12


def says_what_is_wrong(view: View) -> View:
    """Turn the domain's refusals into pages, or into notices for htmx, that say what to do."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except InvalidQuery as error:
            return _refused(request, 400, str(error), field=error.field)
        except InvalidImage as error:
            return _refused(request, STATUS_OF_IMAGE[error.code], str(error), field="image")
        except UnknownImage as error:
            return _refused(request, 404, str(error), field="image")
        except Busy as error:
            return _refused(request, 503, str(error), retry_after=error.retry_after)
        except NotReady as error:
            return _refused(request, 503, error.reason, retry_after=RETRY_NOT_READY, command=error.command)

    return guarded


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The capsule, examples to click, one to play with, and picks."""
    now, person = timezone.now(), _person(request)
    context: dict[str, Any] = {"query": SearchQuery(), "showcase": None, "examples": picks.examples()}
    try:
        context |= picks.showcase(now=now)
        chosen = picks.for_you(person, now=now) if person else []
    except (NotReady, Busy, UnknownImage):
        # The page stands without its extras; searching will say what is missing.
        chosen = []
    context["picks"] = chosen or picks.popular(now=now)
    context["picks_title"] = _("Picked for you") if chosen else _("Popular now")
    return render(request, "search/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@says_what_is_wrong
def results(request: HttpRequest) -> HttpResponseBase:
    """Answers by address; a posted form, with a picture or without, becomes such an address."""
    if request.method == "POST":
        return _to_address(request)
    result = retrieval.search(read_query(request.GET), user=_person(request), now=timezone.now())
    return _answer(request, result)


@require_GET
@says_what_is_wrong
def similar(request: HttpRequest, product_id: str) -> HttpResponse:
    """More like one product: a row inside its page, or a page of its own."""
    product = next(iter(Product.objects.by_public_ids([product_id])), None)
    if product is None:
        raise Http404
    result = retrieval.similar(product, top_k=SIMILAR, now=timezone.now())
    template = "search/_similar.html" if _is_htmx(request) else "search/similar.html"
    response = render(request, template, {"result": result, "product": product})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _person(request: HttpRequest) -> User | None:
    user: User | AnonymousUser = request.user
    return user if isinstance(user, User) else None


def _is_htmx(request: Any) -> bool:
    """Whether a fragment is wanted: not when htmx restores a page from history."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def _to_address(request: HttpRequest) -> HttpResponse:
    """Keep the picture, if one came, and go to where the answer is."""
    upload = request.FILES.get("image")
    parameters = request.POST.copy()
    if upload:
        kept = images.keep_query_image(Upload(upload.read(), upload.content_type), now=timezone.now())
        parameters["image_id"] = kept.image_id
        parameters.pop("crop", None)
    response = HttpResponseRedirect(results_url(read_query(parameters)))
    # 303: the next request is a GET, and a reload never posts the picture again.
    response.status_code = 303
    return response


def _answer(request: Any, result: SearchResult) -> HttpResponse:
    context = pages.context_of(result, now=timezone.now())
    if not result.hits:
        context["picks"] = picks.popular(now=timezone.now())
    fragment = _is_htmx(request)
    response = render(request, "search/_results.html" if fragment else "search/results.html", context)
    patch_vary_headers(response, ["HX-Request"])
    if fragment and request.htmx.target == "results":
        response["HX-Push-Url"] = results_url(result.query)
    return response


def _refused(
    request: HttpRequest,
    status: int,
    message: str,
    *,
    field: str = "",
    retry_after: int | None = None,
    command: str = "",
) -> HttpResponse:
    """The page (or the notice) that says what is wrong, with the search ready to be mended."""
    template = "search/_refused.html" if _is_htmx(request) else "search/refused.html"
    context = {
        "status": status,
        "message": message,
        "field": field,
        "retry_after": retry_after,
        "command": command,
        "query": SearchQuery(text=request.GET.get("text", "")[:500]),
    }
    response = render(request, template, context, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response
