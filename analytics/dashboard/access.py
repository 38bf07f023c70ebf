"""Who may open the dashboard: users for whom ``User.sees_dashboard`` holds."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.sign_in.current_user import signed_in_user

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

ACCESS_DENIED = _("The dashboard is for staff. Ask one of them for access.")


def dashboard_page(view: View[P]) -> View[P]:
    """Redirect anonymous visitors to the sign-in page. Raises PermissionDenied for other users."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = signed_in_user(request)
        if user is None:
            return redirect_to_login(request.get_full_path())
        if not user.sees_dashboard:
            raise PermissionDenied(ACCESS_DENIED)
        return never_cache(require_safe(view))(request, *args, **kwargs)

    return guarded
