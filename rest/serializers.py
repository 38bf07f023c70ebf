"""Serializers that refuse what they do not know: a misspelt field must not pass in silence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

Row = TypeVar("Row")
# Django's own field of a form, and how many unknown names one refusal lists, each cut to this length.
_ALWAYS_KNOWN = frozenset({"csrfmiddlewaretoken"})
_NAMED, _NAME_LENGTH = 20, 100


class StrictSerializer(serializers.Serializer[Row]):
    """A serializer whose input may hold its own fields only."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        unknown = unknown_fields(data, self.fields) if hasattr(data, "keys") else {}
        try:
            value = super().run_validation(data)
        except ValidationError as error:
            if unknown and isinstance(error.detail, dict):
                raise ValidationError({**error.detail, **unknown}) from None
            raise
        if unknown:
            raise ValidationError(unknown)
        return value


def unknown_fields(data: Any, known: Iterable[str]) -> dict[str, list[ErrorDetail]]:
    """One refusal for each name in ``data`` that is not among ``known``."""
    allowed = sorted(known)
    strangers = [name for name in data if name not in allowed and name not in _ALWAYS_KNOWN]
    sentence = (
        _("There is no such field. Leave it out, or use one of: %(fields)s.") % {"fields": ", ".join(allowed)}
        if allowed
        else _("There is no such field. Leave it out: none is taken here.")
    )
    return {name[:_NAME_LENGTH]: [ErrorDetail(sentence, "unknown_field")] for name in strangers[:_NAMED]}
