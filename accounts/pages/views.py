"""Pages for registration, sign-in, sign-out and favourites."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import favorites
from accounts.models import Favorite, User
from accounts.pages.forms import LoginForm, RegisterForm
from accounts.sign_in import credentials, tokens
from accounts.sign_in.current_user import signed_in_user
from accounts.sign_in.guessing import remember_device
from accounts.sign_in.middleware import redirect_same_method


def next_url(request: HttpRequest, default: str = "/") -> str:
    """The target of ``next``, if it is a page of this site, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    host = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=host, require_https=request.is_secure())
    return wanted if safe else default


def sign_in_and_redirect(request: HttpRequest, user: User, to: str) -> HttpResponse:
    response = redirect(to)
    tokens.set_cookies(response, credentials.sign_in(request, user, now=timezone.now()))
    remember_device(request, response, user.email)
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign in, and add the favourites that the browser collected."""
    if request.method != "POST" and signed_in_user(request):
        return redirect(next_url(request))
    form = LoginForm(
        request.POST if request.method == "POST" else None,
        request=request,
        initial={"favorites": request.GET.get("favorites", "")},
    )
    if form.is_valid() and form.user is not None:
        favorites.merge(form.user, form.cleaned_data["favorites"])
        return sign_in_and_redirect(request, form.user, next_url(request))
    return _form_page(request, "accounts/login.html", form)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    if request.method != "POST" and signed_in_user(request):
        return redirect(next_url(request))
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        initial={"favorites": request.GET.get("favorites", "")},
    )
    user = form.register() if form.is_valid() else None
    if user is not None:
        favorites.merge(user, form.cleaned_data["favorites"])
        return sign_in_and_redirect(request, user, next_url(request))
    return _form_page(request, "accounts/register.html", form)


def _form_page(request: HttpRequest, template: str, form: LoginForm | RegisterForm) -> HttpResponse:
    context = {"form": form, "next": next_url(request)}
    return render(request, template, context, status=422 if form.is_bound else 200)


@never_cache
@sensitive_post_parameters("password")
@require_POST
def register_check(request: HttpRequest) -> HttpResponse:
    """One field of the registration form as a fragment, with its errors."""
    form = RegisterForm(request.POST)
    name = request.POST.get("field") or request.htmx.trigger_name or ""  # type: ignore[attr-defined]
    if name not in form.fields:
        return HttpResponse(_("There is no such field."), status=400, content_type="text/plain")
    # Fills the errors of the fields; whether the address is taken is not among them.
    form.is_valid()
    return render(request, "accounts/_field.html", {"field": form[name], "form": form, "checked": False})


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    credentials.sign_out(request, getattr(request, "sign_in", None), now=timezone.now())
    response = redirect("/")
    tokens.clear_cookies(response)
    return response


@never_cache
@csrf_exempt  # it only rotates the visitor's own tokens, and the page it redirects to checks CSRF
def resume(request: HttpRequest) -> HttpResponse:
    """Exchange the refresh cookie and return to ``next``; a refused cookie signs the browser out."""
    wanted = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    response = redirect_same_method(request, wanted if safe else "/")
    try:
        _sign_in, pair = tokens.rotate(request.COOKIES.get(tokens.refresh_cookie(), ""), now=timezone.now())
    except tokens.TokenRefused:
        tokens.clear_sent_cookies(request, response)
    else:
        tokens.set_cookies(response, pair)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def favorite_list(request: HttpRequest) -> HttpResponse:
    """The user's favourites, newest first; a template tag of catalog renders the ids as cards.

    A guest's are stored in the browser, whose script posts their ``id``s: too many for an address.
    """
    user = signed_in_user(request)
    if user is None:
        ids = request.POST.getlist("id")[: favorites.MAX_MERGED]
    else:
        ids = list(Favorite.objects.for_user(user).ids())
    return render(request, "accounts/favorites.html", {"product_ids": ids, "is_guest": user is None})


@require_POST
def favorite_toggle(request: HttpRequest, product_id: str) -> HttpResponse:
    """Add one favourite, or remove it where ``wanted`` is "no"; responds to htmx with the button, else
    redirects to ``next``.

    The button says what it was tapped for: another tab may have changed the favourite since it was drawn.
    """
    user, is_favorite = signed_in_user(request), request.POST.get("wanted") != "no"
    if user is None:
        return _redirect_to_sign_in(request, product_id if is_favorite else "")
    (favorites.add if is_favorite else favorites.remove)(user, product_id)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(next_url(request, reverse("favorites")))
    context = {"product_id": product_id, "is_favorite": is_favorite}
    return render(request, "accounts/_heart.html", context)


def _redirect_to_sign_in(request: HttpRequest, product_id: str) -> HttpResponse:
    """Redirect to the sign-in page, which adds the favourite after the sign-in."""
    query = urlencode({"next": next_url(request), "favorites": product_id})
    to = f"{reverse('login')}?{query}"
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(to)
    # htmx follows a plain redirect and swaps its page into the button; this header makes it navigate.
    return HttpResponse(status=401, headers={"HX-Redirect": to})


def admin_login(request: HttpRequest) -> HttpResponse:
    """Redirect the admin's sign-in to the site's. Raises PermissionDenied for users who are not staff."""
    user = signed_in_user(request)
    if user is None:
        return redirect(f"{reverse('login')}?{urlencode({'next': next_url(request, '/admin/')})}")
    if not user.is_staff:
        raise PermissionDenied
    return redirect(next_url(request, "/admin/"))
