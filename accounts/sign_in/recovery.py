"""Password reset: a mailed link that works once, within ``settings.PASSWORD_RESET_TIMEOUT``.

A request does the same work for every address, so it does not reveal which addresses have an account.
"""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import mail_worker
from accounts.models import User

# Seconds between two mails to one user, so that a mailbox cannot be flooded.
MAIL_INTERVAL = 300


class LinkRefused(Exception):
    """The link is forged, used or expired; ``str()`` is the message for the user."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Ask for a new one."))


def request_link(email: str) -> None:
    """Queue a mail with a link to the user with this address, if there is one."""
    # Never the host of the request, which whoever sends the request chooses.
    site = settings.SITE_URL or settings.LOCAL_SITE_URL
    language = translation.get_language() or settings.LANGUAGE_CODE
    mail_worker.enqueue(partial(send_link, email, site=site, language=language))


def send_link(email: str, *, site: str, language: str) -> None:
    """Mail a link to the active user with this address, at most one in MAIL_INTERVAL seconds."""
    user = User.objects.filter(email=User.normalize_username(email), is_active=True).first()
    if user is None or not user.has_usable_password():
        return
    # ``add`` is atomic: of two requests at once, one sends the mail.
    if not caches["ratelimit"].add(f"reset-mail:{user.pk}", 1, timeout=MAIL_INTERVAL):
        return
    with translation.override(language):
        context = {
            "link": site + reset_path(user),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        text = render_to_string("accounts/reset_mail.txt", context)
        send_mail(gettext("A new password for Tandem"), text, None, [user.email])


def reset_path(user: User) -> str:
    """The path of the page that takes the new password; any new password or sign-in invalidates it."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("reset", args=[uid, default_token_generator.make_token(user)])


def find_user(uid: str) -> User | None:
    """The active user that a link names, or None; the link's token is not checked."""
    try:
        return User.objects.filter(pk=urlsafe_base64_decode(uid).decode(), is_active=True).first()
    except (ValueError, ValidationError):
        return None


def verify_link(uid: str, token: str) -> User:
    """The user whom a link was sent to. Raises LinkRefused."""
    user = find_user(uid)
    if user is None or not default_token_generator.check_token(user, token):
        raise LinkRefused
    return user


def use_link(user: User, token: str, password: str) -> None:
    """Set the new password of the user whom ``verify_link`` found. Raises LinkRefused where the link was used
    since, or the account is gone.
    """
    # Hashed before anything is locked: it takes a quarter of a second.
    user.set_password(password)
    with transaction.atomic():
        # Of two that use one link at once, the second waits here and finds it used.
        current = User.objects.select_for_update().filter(pk=user.pk, is_active=True).first()
        if current is None or not default_token_generator.check_token(current, token):
            raise LinkRefused
        user.save(update_fields=["password", "updated_at"])
