"""A forgotten password: a link by mail that serves once, within the hour, and only to whom it was sent.

Asking does the same for every address, so it tells nobody who has an account.
"""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts import mail_worker as mailbox
from accounts.models import User

# So that nobody fills another's mailbox: one link for one person in so many seconds.
PAUSE = 300


def ask(request: HttpRequest, email: str) -> None:
    """Mail a link to the person with this address, if there is one, behind the answer."""
    site = settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
    language = translation.get_language() or settings.LANGUAGE_CODE
    mailbox.post(partial(send_link, email, site=site, language=language))


def send_link(email: str, *, site: str, language: str) -> None:
    """Write to the active user with this address; to nobody when there is none or one was just sent."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None or not user.has_usable_password():
        return
    if not caches["ratelimit"].add(f"reset-mail:{user.pk}", 1, timeout=PAUSE):
        return
    with translation.override(language):
        context = {
            "link": site + link(user),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        text = render_to_string("accounts/reset_mail.txt", context)
        send_mail(_("A new password for Tandem"), text, None, [user.email])


def link(user: User) -> str:
    """The path of the page that takes the new password; any new password or sign-in makes it worthless."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("reset", args=[uid, default_token_generator.make_token(user)])


def named_by(uid: str) -> User | None:
    """The active user whom a link names, or None; whether the link is good is its token's to say."""
    try:
        return User.objects.filter(pk=urlsafe_base64_decode(uid).decode(), is_active=True).first()
    except (ValueError, ValidationError):
        return None


def recipient(uid: str, token: str) -> User | None:
    """Whom a link was sent to, or None when it is forged, used or run out."""
    user = named_by(uid)
    return user if user is not None and default_token_generator.check_token(user, token) else None
