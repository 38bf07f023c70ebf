"""API keys for servers: made and revoked in the admin, stored as a hash, allowed what their scopes say."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import DatabaseError, models, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

HEADER = "X-API-Key"
# Agents' hosts often let a person set a Bearer token and no other header.
PREFIX = "tandem_"
_AS_BEARER = re.compile(rf"bearer\s+({PREFIX}.*)", re.IGNORECASE)
# How exact ``last_used_at`` is: a busy key writes one row a minute.
USED_EVERY = timedelta(minutes=1)
_FORM = re.compile(rf"{PREFIX}([0-9a-f]{{12}})_([0-9a-f]{{64}})")


class Scope(models.TextChoices):
    """What a key may be sent for."""

    SEARCH = "search", _("search and read products")
    CATALOGUE = "catalogue", _("write the catalogue")
    STATS = "stats", _("read the dashboard's figures")
    EVENTS = "events", _("report what shoppers do")


class KeyRefused(Exception):
    """The key is unknown, revoked or expired; ``str()`` is the message for the client."""

    def __init__(self) -> None:
        super().__init__(
            _("This API key is not valid. Send one that the shop's staff made and did not revoke.")
        )


class ApiKey(models.Model):
    """One key. ``identifier`` is its public part; of the secret part only the SHA-256 is stored, which is
    enough for 256 random bits."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100, help_text=_("Which server it is for."))
    identifier = models.CharField(_("identifier"), max_length=12, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    may_search = models.BooleanField(Scope.SEARCH.label, default=True)
    may_write_catalogue = models.BooleanField(Scope.CATALOGUE.label, default=False)
    may_read_stats = models.BooleanField(Scope.STATS.label, default=False)
    may_send_events = models.BooleanField(Scope.EVENTS.label, default=False)
    rate = models.CharField(
        _("limit"),
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{1,8}/[smhd]\Z")],
        help_text=_("Its requests, such as 600/m; empty for the setting RATE_LIMIT_KEY."),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    class Meta:
        app_label = "accounts"
        db_table = "api_keys"
        ordering = ["-created_at"]
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        return f"{self.name} ({PREFIX}{self.identifier}_…)"

    @property
    def scopes(self) -> set[str]:
        held = {
            Scope.SEARCH: self.may_search,
            Scope.CATALOGUE: self.may_write_catalogue,
            Scope.STATS: self.may_read_stats,
            Scope.EVENTS: self.may_send_events,
        }
        return {str(scope) for scope, allowed in held.items() if allowed}

    def is_active(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


def new_secret(key: ApiKey) -> str:
    """Give an unsaved key its two parts; returns the whole key, which nobody can read again."""
    key.identifier, secret = secrets.token_hex(6), secrets.token_hex(32)
    key.digest = _digest(secret)
    return f"{PREFIX}{key.identifier}_{secret}"


def create(**fields: Any) -> tuple[ApiKey, str]:
    """A saved key, and the text to send."""
    key = ApiKey(**fields)
    text = new_secret(key)
    key.save()
    return key, text


def find(text: str, *, now: datetime) -> ApiKey:
    """The active key with this text, noted as used. Raises KeyRefused."""
    parts = _FORM.fullmatch(text.strip())
    key = ApiKey.objects.filter(identifier=parts[1]).first() if parts else None
    if parts is None or key is None or not hmac.compare_digest(key.digest, _digest(parts[2])):
        raise KeyRefused
    if not key.is_active(now):
        raise KeyRefused
    if key.last_used_at is None or now - key.last_used_at > USED_EVERY:
        _note_use(key, now)
    return key


def sent(request: HttpRequest) -> str | None:
    """What the request was sent with as a key: in a header of its own, or as a Bearer token."""
    as_bearer = _AS_BEARER.fullmatch(request.META.get("HTTP_AUTHORIZATION", "").strip())
    return request.headers.get(HEADER, as_bearer[1] if as_bearer else None)


def of_request(request: HttpRequest) -> ApiKey | None:
    """The key that the request was sent with, looked up once; None without one. Raises KeyRefused."""
    text = sent(request)
    if text is None:
        return None
    if not hasattr(request, "api_key"):
        try:
            request.api_key = find(text, now=timezone.now())  # type: ignore[attr-defined]
        except KeyRefused:
            request.api_key = None  # type: ignore[attr-defined]
    found: ApiKey | None = request.api_key  # type: ignore[attr-defined]
    if found is None:
        raise KeyRefused
    return found


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _note_use(key: ApiKey, now: datetime) -> None:
    try:
        with transaction.atomic():
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    except DatabaseError as error:  # with a read-only database the key still works
        logger.warning("api_key_use_lost", extra={"reason": str(error)})
