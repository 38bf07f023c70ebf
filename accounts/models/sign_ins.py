"""Sign-ins, one for each device."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.models.users import User


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
