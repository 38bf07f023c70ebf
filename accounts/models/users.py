"""Accounts: people who sign in by e-mail."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
