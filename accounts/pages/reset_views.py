"""The two pages of a password reset: requesting a link, and setting the new password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages.forms import ForgotForm, ResetForm
from accounts.sign_in import recovery, tokens
from accounts.sign_in.guessing import remember_device


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Request a link by mail. Known and unknown addresses get the same response after the same work."""
    form = ForgotForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        recovery.request_link(form.cleaned_data["email"])
        return redirect(f"{reverse('forgot')}?sent=1")
    context = {"form": form, "sent": "sent" in request.GET}
    return render(request, "accounts/forgot.html", context, status=422 if form.is_bound else 200)


class Reset(PasswordResetConfirmView):
    """Sets the new password; Django moves the token from the URL, which referrers carry, to the session."""

    template_name = "accounts/reset.html"
    form_class = ResetForm  # type: ignore[assignment]  # not Django's form, but it has the same save()
    reset_url_token = "new-password"  # noqa: S105  # nosec B105 - a word of the address

    def get_user(self, uidb64: str) -> User | None:
        return recovery.find_user(uidb64)

    def get_form_kwargs(self) -> dict[str, Any]:
        token = self.request.session.get(INTERNAL_RESET_SESSION_TOKEN, "")
        return {**super().get_form_kwargs(), "token": token}

    def get_success_url(self) -> str:
        return f"{reverse('login')}?reset=done"

    def form_valid(self, form: ResetForm) -> HttpResponse:  # type: ignore[override]
        response = super().form_valid(form)  # type: ignore[arg-type]
        tokens.clear_cookies(response)
        # Whoever reads the owner's mail is the owner, and will sign in now.
        remember_device(self.request, response, form.user.email)
        return response

    def form_invalid(self, form: ResetForm) -> HttpResponse:  # type: ignore[override]
        return self.render_to_response(self.get_context_data(form=form), status=422)
