"""Events as clients send them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from analytics.api.serializers import MAX_POSITION
from analytics.events.incoming import Reported
from analytics.events.models import Event
from analytics.sessions.fields import SessionField
from rest.prices import PriceField
from rest.serializers import StrictSerializer

# Events of one request: the limit of a body is higher, that of a transaction is not.
MAX_EVENTS = 500
MAX_QUANTITY = 10_000
# Figures add up hundredths of every currency; a dinar has thousandths.
_HUNDREDTH = Decimal("0.01")
# Clocks differ; older events would be deleted with the next night.
AHEAD, OLDEST = timedelta(minutes=5), timedelta(days=90)


class OriginSerializer(StrictSerializer[Any]):
    """Where the shopper came upon the product."""

    query_id = serializers.UUIDField(required=False, help_text="Of the answer that showed the product.")
    position = serializers.IntegerField(
        required=False, min_value=1, max_value=MAX_POSITION, help_text="Its rank there, from 1."
    )
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of that name
        Event.Source.choices,
        required=False,
        default=Event.Source.OTHER,
        help_text="Where it was shown; by default what the answer of query_id was.",
    )


class PageEventSerializer(OriginSerializer):
    """An act that a page of ours reports, with the token that it was given for it."""

    token = serializers.CharField(max_length=300, help_text="Of the page; it names the act and the product.")


class EventSerializer(OriginSerializer):
    """One act of a shopper with one product; of a purchase, one line of the order."""

    type = serializers.ChoiceField(Event.Type.choices)
    product_id = serializers.CharField(max_length=100)
    event_id = serializers.CharField(
        max_length=100, required=False, help_text="Your name for it: sent again, it counts once."
    )
    session = SessionField(required=False, help_text="Your name for the visitor's session: random.")
    value = PriceField(
        min_value=0,
        required=False,
        help_text="Money of the whole line, kept in hundredths; with purchase only.",
    )
    currency = serializers.RegexField(
        r"^[A-Z]{3}\Z", required=False, help_text="ISO 4217; by default the product's."
    )
    quantity = serializers.IntegerField(required=False, default=1, min_value=1, max_value=MAX_QUANTITY)
    timestamp = serializers.DateTimeField(
        required=False, help_text="When it happened, by default now; at most 90 days ago."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "value" in attrs and attrs["type"] != Event.Type.PURCHASE:
            raise _refusal("value", _("Only a purchase has a value. Leave it out."))
        if "value" in attrs:
            attrs["value"] = attrs["value"].quantize(_HUNDREDTH, ROUND_HALF_UP)
        now = timezone.now()
        if not now - OLDEST <= attrs.get("timestamp", now) <= now + AHEAD:
            raise _refusal("timestamp", _("Give a time within the last 90 days."))
        return attrs


def _refusal(field: str, sentence: str) -> ValidationError:
    return ValidationError({field: [ErrorDetail(sentence, "invalid")]})


def to_reported(event: dict[str, Any], *, session: str, user_id: Any, now: datetime) -> Reported:
    """A validated event, with the key of its session."""
    given = {name: value for name, value in event.items() if name != "session"}
    return Reported(**{"timestamp": now, **given, "session": session, "user_id": user_id})


class KeptSerializer(serializers.Serializer[Any]):
    kept = serializers.IntegerField(help_text="Events that are new.")
    known = serializers.IntegerField(help_text="Events that were sent before.")
    unknown_products = serializers.ListField(
        child=serializers.CharField(), help_text="Ids that no product has; their events are not kept."
    )
