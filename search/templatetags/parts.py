"""The tag for parts of pages that are rendered once and then reused."""

from __future__ import annotations

from collections.abc import Hashable

from django import template
from django.core.cache import caches
from django.template import Context
from django.utils.safestring import SafeString

from accounts.models import User
from search.pages.fragments import rendered

register = template.Library()

PERMISSION_SECONDS = 60


@register.simple_tag
def part(name: str, **values: Hashable) -> SafeString:
    """The template ``name``, which can read ``values`` and nothing else: neither the request nor the person.

    Only for what many pages share. Equal values have to read alike: a price is given as text, since 10 and
    10.00 are equal.
    """
    # Text that is safe as it stands equals text that has to be escaped, and True equals 1.
    shown = tuple((key, type(value), value) for key, value in values.items())
    return rendered(name, shown, values)


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> SafeString:
    """The links of the person who asks; a page that refuses may know of none, and of no view."""
    user, match = context.get("user"), getattr(context.get("request"), "resolver_match", None)
    person = user if user is not None and user.is_authenticated else None
    return part(
        "partials/nav.html",
        is_signed_in=person is not None,
        sees_dashboard=person is not None and _sees_dashboard(person),
        view=match.view_name if match else "",
    )


def _sees_dashboard(person: User) -> bool:
    """As ``User.sees_dashboard``, of analysts up to a minute old: its two queries were a twentieth of all
    work under load. The link grants nothing; the dashboard itself asks anew.
    """
    if person.is_staff:
        return person.sees_dashboard
    key = f"sees-dashboard:{person.pk}"
    return bool(caches["default"].get_or_set(key, lambda: person.sees_dashboard, PERMISSION_SECONDS))
