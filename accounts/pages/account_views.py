"""The account page: name and preferences, password, sign-ins, export and deletion."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.export import export
from accounts.models import SignIn
from accounts.pages.forms import DeleteForm, NameForm, PasswordForm, SignInsForm
from accounts.pages.views import sign_in_and_redirect
from accounts.sign_in import credentials, tokens
from accounts.sign_in.current_user import require_user
from accounts.sign_in.guessing import forget_device


@never_cache
@login_required
@sensitive_post_parameters("password", "new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The account page; ``action`` names the form that was submitted."""
    if request.method == "POST":
        action = ACTIONS.get(request.POST.get("action", ""))
        if action is None:
            return render(request, "accounts/account.html", _account_forms(request), status=400)
        return action(request)
    return render(request, "accounts/account.html", _account_forms(request))


def current_sign_in(request: HttpRequest) -> SignIn | None:
    """The sign-in that authenticates this request; None for Django's own session."""
    return getattr(request, "sign_in", None)


def _account_forms(request: HttpRequest, **bound: Any) -> dict[str, Any]:
    user = require_user(request)
    return {
        "name_form": NameForm(instance=user),
        "password_form": PasswordForm(request=request, user=user, auto_id="password_%s"),
        "sign_in": current_sign_in(request),
        "sign_ins_form": SignInsForm(
            request=request, user=user, current=current_sign_in(request), auto_id="sign_ins_%s"
        ),
        "delete_form": DeleteForm(request=request, user=user, auto_id="delete_%s"),
        "saved": request.GET.get("saved", ""),
        **bound,
    }


def _refused(request: HttpRequest, **bound: Any) -> HttpResponse:
    return render(request, "accounts/account.html", _account_forms(request, **bound), status=422)


def _save_name(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST, instance=require_user(request))
    if not form.is_valid():
        return _refused(request, name_form=form)
    form.save()
    return redirect(f"{reverse('account')}?saved=name")


def _change_password(request: HttpRequest) -> HttpResponse:
    user = require_user(request)
    form = PasswordForm(request.POST, request=request, user=user, auto_id="password_%s")
    if not form.is_valid():
        return _refused(request, password_form=form)
    user.change_password(form.cleaned_data["new_password"])
    return sign_in_and_redirect(request, user, f"{reverse('account')}?saved=password")


def _end_sign_ins(request: HttpRequest) -> HttpResponse:
    form = SignInsForm(
        request.POST,
        request=request,
        user=require_user(request),
        current=current_sign_in(request),
        auto_id="sign_ins_%s",
    )
    if not form.is_valid():
        return _refused(request, sign_ins_form=form)
    form.end()
    return redirect(f"{reverse('account')}?saved=sign-ins")


def _delete(request: HttpRequest) -> HttpResponse:
    user = require_user(request)
    form = DeleteForm(request.POST, request=request, user=user, auto_id="delete_%s")
    if not form.is_valid():
        return _refused(request, delete_form=form)
    credentials.sign_out(request, None, now=timezone.now())
    user.delete()
    response = redirect(f"{reverse('login')}?deleted=1")
    tokens.clear_cookies(response)
    forget_device(response)
    return response


ACTIONS = {
    "name": _save_name,
    "password": _change_password,
    "sign-ins": _end_sign_ins,
    "delete": _delete,
}


@never_cache
@login_required
@require_safe
def export_account(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(
        export(require_user(request), now=timezone.now()), json_dumps_params={"indent": 2}
    )
    response["Content-Disposition"] = 'attachment; filename="tandem-account.json"'
    return response
