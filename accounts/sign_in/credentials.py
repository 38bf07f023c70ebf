"""Registration, sign-in and sign-out, as pages and API share them."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.contrib import auth
from django.contrib.auth import logout, user_logged_in
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError
from django.http import HttpRequest
from django.middleware.csrf import rotate_token
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.models import SignIn, User
from accounts.sign_in import tokens
from accounts.sign_in.guessing import Guess

logger = logging.getLogger(__name__)


class CredentialsRefused(Exception):
    """No active user has this e-mail address and password; ``str()`` is the message for the user."""

    def __init__(self) -> None:
        super().__init__(_("E-mail address and password do not match. Check both and try again."))


class WrongPassword(Exception):
    """This is not the signed-in user's password; ``str()`` is the message for the user."""

    def __init__(self) -> None:
        super().__init__(_("This is not your current password. Type the one you sign in with."))


class AddressTaken(Exception):
    """An account with this e-mail address exists; ``str()`` is the message for the user."""

    def __init__(self) -> None:
        super().__init__(_("This address cannot be registered. If it is yours, sign in instead."))


def authenticate(request: HttpRequest, *, email: str, password: str) -> User:
    """The active user with these credentials. Raises CredentialsRefused, and TooManyGuesses before a check.

    Known and unknown addresses cost the same work. Every failure counts towards the lock-out of this
    client address and e-mail together, and of the e-mail over all addresses.
    """
    guess = Guess.of(request, email)
    guess.check()
    user = auth.authenticate(request, email=User.normalize_username(email), password=password)
    if not isinstance(user, User):
        guess.was_wrong()
        logger.warning("credentials_refused")
        raise CredentialsRefused
    return user


def check_current_password(request: HttpRequest, user: User, password: str) -> None:
    """Authenticate the signed-in ``user`` again, which counts as ``authenticate``. Raises WrongPassword."""
    try:
        authenticated = authenticate(request, email=user.email, password=password)
    except CredentialsRefused:
        raise WrongPassword from None
    if authenticated != user:
        raise WrongPassword


def sign_in(request: HttpRequest, user: User, *, now: datetime) -> tokens.TokenPair:
    # Django updates last_login on this signal, which also invalidates reset links.
    user_logged_in.send(sender=User, request=request, user=user)
    rotate_token(request)
    for path in settings.SIGNED_IN:
        import_string(path)(request, user)
    logger.info("signed_in", extra={"user_id": str(user.pk)})
    return tokens.issue(user, now=now, user_agent=request.META.get("HTTP_USER_AGENT", ""))


def sign_out(request: HttpRequest, ended: SignIn | None, *, now: datetime) -> None:
    if ended is not None:
        SignIn.objects.filter(pk=ended.pk).end(now)
        logger.info("signed_out", extra={"user_id": str(ended.user_id)})
    logout(request)


def check_new_password(password: str, *, email: str, name: str) -> None:
    """Raises Django's ValidationError for a password that is short, common or resembles the user's data."""
    validate_password(password, User(email=email, name=name))


def register(*, email: str, password: str, name: str) -> User:
    """Create a user. Raises AddressTaken, after the same work as for a new user."""
    if User.objects.filter(email=User.normalize_username(email)).exists():
        # Hashing dominates the time of a registration: without it, a quick refusal would reveal the account.
        make_password(password)
        raise AddressTaken
    try:
        return User.objects.create_user(email, password, name=name)
    except IntegrityError:
        raise AddressTaken from None
