"""Coming and going: the one way in and out that pages and API share."""

from __future__ import annotations

import logging
from datetime import datetime

from django.contrib import auth
from django.contrib.auth import logout, user_logged_in
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from accounts.models import SignIn, User
from accounts.sign_in import tokens

logger = logging.getLogger(__name__)


class AddressTaken(Exception):
    """Someone has registered with this e-mail address."""


def authenticate(request: HttpRequest, *, email: str, password: str) -> User | None:
    """The active user with these credentials, or None, after equal work for known and unknown addresses.

    Every failure counts towards the lock-out of this address and e-mail together.
    """
    user = auth.authenticate(request, email=email.strip().lower(), password=password)
    if not isinstance(user, User):
        logger.warning("credentials_refused")
        return None
    return user


def sign_in(request: HttpRequest, user: User, *, now: datetime) -> tokens.TokenPair:
    """Open a sign-in for ``user``, with a fresh CSRF token."""
    user_logged_in.send(sender=User, request=request, user=user)
    rotate_token(request)
    logger.info("signed_in", extra={"user_id": str(user.pk)})
    return tokens.issue(user, now=now, user_agent=request.META.get("HTTP_USER_AGENT", ""))


def sign_out(request: HttpRequest, ended: SignIn | None, *, now: datetime) -> None:
    """End the sign-in and, where there is one, Django's session."""
    if ended is not None:
        SignIn.objects.filter(pk=ended.pk).end(now)
        logger.info("signed_out", extra={"user_id": str(ended.user_id)})
    logout(request)


def check_new_password(password: str, *, email: str, name: str) -> None:
    """Raises Django's ValidationError unless the password is long, rare and unlike the person."""
    validate_password(password, User(email=email, name=name))


def register(*, email: str, password: str, name: str) -> User:
    """Make a user. Raises AddressTaken, after the same work that a new user takes."""
    if User.objects.filter(email=email.strip().lower()).exists():
        make_password(password)
        raise AddressTaken
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError:
        raise AddressTaken from None
