"""Pages for coming and going, and for favourites."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import favorites
from accounts.models import Favorite, User
from accounts.pages.forms import LoginForm, RegisterForm
from accounts.sign_in import credentials as entry
from accounts.sign_in import tokens
from accounts.sign_in.middleware import detour


def next_url(request: HttpRequest, default: str = "/") -> str:
    """Where ``next`` leads, when that is a page of this site, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure())
    return wanted if safe else default


def person(request: HttpRequest) -> User:
    """Who is signed in. Raises PermissionDenied."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def signed_in_redirect(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Sign ``user`` in and go on to ``to``."""
    response = redirect(to)
    tokens.set_cookies(response, entry.sign_in(request, user, now=timezone.now()))
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign in, taking over the favourites that the browser kept."""
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(next_url(request))
    form = LoginForm(
        request.POST if request.method == "POST" else None,
        request=request,
        initial={"favorites": request.GET.get("favorites", "")},
    )
    if form.is_valid() and form.user is not None:
        favorites.merge(form.user, form.cleaned_data["favorites"])
        return signed_in_redirect(request, form.user, next_url(request))
    return _form_page(request, "accounts/login.html", form)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in to it."""
    if request.method != "POST" and request.user.is_authenticated:
        return redirect(next_url(request))
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        initial={"favorites": request.GET.get("favorites", "")},
    )
    user = form.register() if form.is_valid() else None
    if user is not None:
        favorites.merge(user, form.cleaned_data["favorites"])
        return signed_in_redirect(request, user, next_url(request))
    return _form_page(request, "accounts/register.html", form)


def _form_page(request: HttpRequest, template: str, form: LoginForm | RegisterForm) -> HttpResponse:
    context = {"form": form, "next": next_url(request)}
    return render(request, template, context, status=422 if form.is_bound else 200)


@never_cache
@sensitive_post_parameters("password")
@require_POST
def register_check(request: HttpRequest) -> HttpResponse:
    """One field of the registration form as a fragment, with what is wrong about it so far."""
    form = RegisterForm(request.POST)
    name = request.POST.get("field") or request.htmx.trigger_name or ""  # type: ignore[attr-defined]
    if name not in form.fields:
        return HttpResponse(_("There is no such field."), status=400, content_type="text/plain")
    form.is_valid()
    return render(request, "accounts/_field.html", {"field": form[name], "form": form, "checked": False})


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out on this device."""
    entry.sign_out(request, getattr(request, "sign_in", None), now=timezone.now())
    response = redirect("/")
    tokens.clear_cookies(response)
    return response


@never_cache
@csrf_exempt  # it changes nothing but the visitor's own token, and the page it leads to checks CSRF itself
def resume(request: HttpRequest) -> HttpResponse:
    """Exchange the refresh cookie for a new pair and go back to ``next``; signed out if it is refused."""
    wanted = request.GET.get("next", "/")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    response = detour(request, wanted if safe else "/")
    try:
        _sign_in, pair = tokens.rotate(request.COOKIES.get(tokens.refresh_cookie(), ""), now=timezone.now())
    except tokens.TokenRefused:
        tokens.clear_cookies(response)
    else:
        tokens.set_cookies(response, pair)
    return response


@never_cache
@login_required
@require_safe
def favorite_list(request: HttpRequest) -> HttpResponse:
    """The products that the person keeps, newest first; a catalogue tag turns the ids into cards."""
    kept = Favorite.objects.of(person(request))
    return render(request, "accounts/favorites.html", {"product_ids": kept.ids()})


@require_POST
def favorite_toggle(request: HttpRequest, product_id: str) -> HttpResponse:
    """Keep or drop one product: the heart alone for htmx, back to ``next`` without JavaScript."""
    if not request.user.is_authenticated:
        return _sign_in_first(request, product_id)
    try:
        kept = favorites.toggle(person(request), product_id)
    except favorites.UnknownProduct:
        return HttpResponse(_("There is no such product."), status=404, content_type="text/plain")
    except favorites.TooManyFavorites:
        text = _("You keep as many products as we hold for one person. Drop one first.")
        return HttpResponse(text, status=400, content_type="text/plain")
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(next_url(request, reverse("favorites")))
    context = {"product_id": product_id, "is_favorite": kept, "next": next_url(request)}
    return render(request, "accounts/_heart.html", context)


def _sign_in_first(request: HttpRequest, product_id: str) -> HttpResponse:
    """To the sign-in page, which keeps the product once the person is known."""
    query = urlencode({"next": next_url(request), "favorites": product_id})
    to = f"{reverse('login')}?{query}"
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(to)
    return HttpResponse(status=401, headers={"HX-Redirect": to})


def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin's own sign-in: the one of the site. Raises PermissionDenied for those who are not staff."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('login')}?{urlencode({'next': next_url(request, '/admin/')})}")
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect(next_url(request, "/admin/"))
