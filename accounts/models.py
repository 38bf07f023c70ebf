"""Users, their sign-ins (one per device) and their favourites (public product ids)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# Django finds models where this module has them.
from accounts.api_keys import ApiKey as ApiKey
from accounts.forgetting import before_forgetting, forget

logger = logging.getLogger(__name__)


class UserManager(BaseUserManager["User"]):
    """Stores e-mail addresses in lower case, so that signing in ignores case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=self.model.normalize_username(username or ""))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email, **fields)
        # Hashing takes a quarter of a second; SQLite's other writers would wait for a transaction around it.
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A user who signs in by e-mail; raising ``token_version`` revokes every token issued before."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    token_version = models.PositiveIntegerField(_("token version"), default=0)
    personal_results = models.BooleanField(_("personal results"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []  # of `createsuperuser`: a name may be given later

    class Meta:
        db_table = "users"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="users_email_case_insensitive")]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """An e-mail address as it is kept: signing in ignores case. Django's forms clean with it as well."""
        return username.strip().lower()

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Save; a new password ends every sign-in, whether a page, the API or the admin set it."""
        self.email = self.normalize_username(self.email)
        # Django sets _password on a change and clears it when it only upgrades the hash.
        if getattr(self, "_password", None) is None or self._state.adding:
            super().save(*args, update_fields=update_fields, **kwargs)
            return
        update_fields = None if update_fields is None else {*update_fields, "token_version"}
        with transaction.atomic():
            # Of two changes at once, each raises the version.
            stored = (
                User.objects.select_for_update().filter(pk=self.pk).values_list("token_version", flat=True)
            )
            self.token_version = (stored.first() or 0) + 1
            super().save(*args, update_fields=update_fields, **kwargs)
            self.sign_ins.end(timezone.now())
        logger.info("password_changed", extra={"user_id": str(self.pk)})

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the account, after settings.FORGET_SECTIONS has removed the user from other packages."""
        if not transaction.get_connection().in_atomic_block:
            before_forgetting()
        with transaction.atomic():
            forget(self)
            # Whoever adds a row of this user waits from here on, and is refused. After the rest: a writer of
            # events locks searches before it comes to their user.
            User.objects.select_for_update().filter(pk=self.pk).first()
            return super().delete(*args, **kwargs)

    @property
    def sees_dashboard(self) -> bool:
        """Staff and analysts see the analytics dashboard; the admin site is for staff alone."""
        return self.is_active and (self.is_staff or self.has_perm("analytics.view_dashboard"))

    @property
    def roles(self) -> list[str]:
        analyst = ["analyst"] if self.sees_dashboard else []
        return ["shopper", *analyst, *(["staff"] if self.is_staff else [])]

    def change_password(self, password: str) -> None:
        """Set a new password and end every sign-in, this one included."""
        self.set_password(password)
        self.save(update_fields=["password", "updated_at"])


class RefreshReused(Exception):
    """A refresh token was presented after its exchange: someone holds a copy."""


class SignInQuerySet(models.QuerySet["SignIn"]):
    def active(self, now: datetime) -> SignInQuerySet:
        """Neither ended nor expired, and of active users; with ``user`` joined."""
        return self.filter(ended_at=None, expires_at__gt=now, user__is_active=True).select_related("user")

    def for_user(self, user: User, now: datetime) -> SignInQuerySet:
        """The user's active sign-ins, most recently used first."""
        return self.active(now).filter(user=user).order_by("-rotated_at", "-created_at")

    def excluding(self, current: SignIn | None) -> SignInQuerySet:
        return self.exclude(pk=current.pk) if current is not None else self

    def end(self, now: datetime) -> int:
        """End them, which revokes their tokens; returns how many had not ended before."""
        return self.filter(ended_at=None).update(ended_at=now)

    def inactive(self, now: datetime) -> SignInQuerySet:
        """Ended or expired: none of their tokens is accepted any more."""
        return self.filter(models.Q(ended_at__lte=now) | models.Q(expires_at__lte=now))


class SignIn(models.Model):
    """One sign-in on one device: the family of all tokens issued for it.

    The row stores the id of the one valid refresh token, so rotated tokens are refused without a blacklist,
    and a leaked database holds no usable token.
    """

    # Two tabs that refresh at once send the same token; the second request is accepted this long.
    GRACE = timedelta(seconds=10)
    # A sign-in ends after this, however often it is refreshed.
    MAX_AGE = timedelta(days=90)
    # Active sign-ins per user; a further one ends the least recently used.
    MAX_PER_USER = 50

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins", verbose_name=_("user")
    )
    refresh_id = models.UUIDField(default=uuid.uuid4)
    previous_refresh_id = models.UUIDField(null=True)
    browser = models.CharField(_("browser"), max_length=40, blank=True)
    system = models.CharField(_("system"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created"))
    rotated_at = models.DateTimeField(_("last used"))
    expires_at = models.DateTimeField(_("expires"))
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        db_table = "sign_ins"
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        indexes = [models.Index(fields=["expires_at"], name="sign_ins_expires")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.created_at:%Y-%m-%d %H:%M}"

    def is_active(self, now: datetime) -> bool:
        """What ``SignInQuerySet.active`` asks of many rows."""
        return self.ended_at is None and self.expires_at > now and self.user.is_active

    @property
    def device(self) -> str:
        # Translated when shown, so the parts are stored instead.
        if self.browser and self.system:
            return gettext("%(browser)s on %(system)s") % {"browser": self.browser, "system": self.system}
        return self.browser or self.system or gettext("Unknown browser")

    def rotate(self, presented: uuid.UUID, *, now: datetime, lifetime: timedelta) -> None:
        """Exchange the presented refresh token for a new one; within GRACE, for the same new one again.

        Raises RefreshReused, and ends the whole sign-in, for any other token of this family.
        """
        family = SignIn.objects.filter(pk=self.pk, ended_at=None)
        # One conditional UPDATE: of two requests at once, exactly one creates the new token and both get it.
        exchanged = family.filter(refresh_id=presented).update(
            refresh_id=uuid.uuid4(),
            previous_refresh_id=presented,
            rotated_at=now,
            expires_at=min(now + lifetime, self.created_at + self.MAX_AGE),
        )
        self.refresh_from_db()
        second_tab = self.previous_refresh_id == presented and now - self.rotated_at <= self.GRACE
        if self.ended_at is not None or not (exchanged or second_tab):
            family.end(now)
            raise RefreshReused


class FavoriteQuerySet(models.QuerySet["Favorite"]):
    def for_user(self, user: User) -> FavoriteQuerySet:
        """The user's favourites, newest first."""
        # Pages of them need one order also among those of one moment.
        return self.filter(user=user).order_by("-added_at", "pk")

    def ids(self) -> list[str]:
        return list(self.values_list("product_id", flat=True))


class Favorite(models.Model):
    """A favourite, by the product's public id: accounts does not import the catalogue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favorites", verbose_name=_("user")
    )
    product_id = models.CharField(_("product id"), max_length=100)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = FavoriteQuerySet.as_manager()

    class Meta:
        db_table = "favorites"
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["user", "product_id"], name="favorites_once_per_user")]
        indexes = [
            models.Index(fields=["user", "-added_at"], name="favorites_newest"),
            models.Index(fields=["product_id"], name="favorites_product"),
        ]

    def __str__(self) -> str:
        return self.product_id
