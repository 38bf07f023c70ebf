"""Pages about oneself: signing in and out, the account, favourites."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import entry, favorites, tokens
from accounts.export import export
from accounts.forms import DeleteForm, LoginForm, NameForm, PasswordForm, RegisterForm
from accounts.middleware import detour
from accounts.models import Favorite, User


def next_url(request: HttpRequest, default: str = "/") -> str:
    """Where ``next`` leads, when that is a page of this site, else ``default``."""
    wanted = request.POST.get("next") or request.GET.get("next") or default
    here = {request.get_host()}
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=here, require_https=request.is_secure())
    return wanted if safe else default


def signed_in_redirect(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Sign ``user`` in and go on to ``to``."""
    response = redirect(to)
    tokens.set_cookies(response, entry.sign_in(request, user, now=timezone.now()))
    return response


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign in, taking over the favourites that the browser kept."""
    if request.method == "GET" and request.user.is_authenticated:
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
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Make an account and sign in to it."""
    if request.method == "GET" and request.user.is_authenticated:
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
    return render(request, "accounts/_field.html", {"field": form[name], "form": form})


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
@sensitive_post_parameters("password", "new_password")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Name and preferences, password, export and deletion; ``action`` says which form was sent."""
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("action", ""))
        if action is None:
            return render(request, "accounts/account.html", _account_forms(request), status=400)
        return action(request)
    return render(request, "accounts/account.html", _account_forms(request))


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def _account_forms(request: HttpRequest, **bound: Any) -> dict[str, Any]:
    user = _person(request)
    return {
        "name_form": NameForm(instance=user),
        "password_form": PasswordForm(request=request, user=user, auto_id="password_%s"),
        "delete_form": DeleteForm(request=request, user=user, auto_id="delete_%s"),
        "saved": request.GET.get("saved", ""),
        **bound,
    }


def _refused(request: HttpRequest, **bound: Any) -> HttpResponse:
    return render(request, "accounts/account.html", _account_forms(request, **bound), status=422)


def _save_name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST, instance=_person(request))
    if not form.is_valid():
        return _refused(request, name_form=form)
    form.save()
    return redirect(f"{reverse('account')}?saved=name")


def _change_password(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    form = PasswordForm(request.POST, request=request, user=user, auto_id="password_%s")
    if not form.is_valid():
        return _refused(request, password_form=form)
    user.change_password(form.cleaned_data["new_password"], now=timezone.now())
    return signed_in_redirect(request, user, f"{reverse('account')}?saved=password")


def _delete(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    form = DeleteForm(request.POST, request=request, user=user, auto_id="delete_%s")
    if not form.is_valid():
        return _refused(request, delete_form=form)
    entry.sign_out(request, None, now=timezone.now())
    user.delete()
    response = redirect("/")
    tokens.clear_cookies(response)
    return response


ACTIONS = {"name": _save_name, "password": _change_password, "delete": _delete}


@never_cache
@login_required
@require_GET
def export_account(request: HttpRequest) -> HttpResponse:
    """Everything held about the person, as a JSON file."""
    response = JsonResponse(export(_person(request), now=timezone.now()), json_dumps_params={"indent": 2})
    response["Content-Disposition"] = 'attachment; filename="tandem-account.json"'
    return response


@never_cache
@login_required
@require_GET
def favorite_list(request: HttpRequest) -> HttpResponse:
    """The products that the person keeps, newest first; a catalogue tag turns the ids into cards."""
    kept = Favorite.objects.of(_person(request))
    return render(request, "accounts/favorites.html", {"product_ids": kept.ids()})


@require_POST
def favorite_toggle(request: HttpRequest, product_id: str) -> HttpResponse:
    """Keep or drop one product: the heart alone for htmx, back to ``next`` without JavaScript."""
    if not request.user.is_authenticated:
        return _sign_in_first(request, product_id)
    try:
        kept = favorites.toggle(_person(request), product_id)
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
