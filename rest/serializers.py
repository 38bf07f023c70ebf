"""Serializers that refuse what they do not know: a misspelt field must not pass in silence."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.settings import api_settings
from rest_framework.utils.serializer_helpers import BindingDict

Row = TypeVar("Row")
# Where one message stands for the whole request.
_GENERAL = api_settings.NON_FIELD_ERRORS_KEY
# Django's own field of a form, and how many unknown names one refusal lists, each cut to this length.
_ALWAYS_KNOWN = frozenset({"csrfmiddlewaretoken"})
_NAMED, _NAME_LENGTH = 20, 100


class SharedFields(serializers.Serializer[Row]):
    """A serializer whose fields are made once for its class, which takes longer than to read a request.

    Its fields must not depend on the instance: neither on its context nor on the request. They are simple
    ones and lists of them.
    """

    @property
    def fields(self) -> BindingDict:
        # DRF's sentences keep the language in which they are made.
        return _fields_of(type(self), get_language())


class PlainValues(serializers.Serializer[Row]):
    """A serializer for answers with many rows: what a simple field describes is taken as it is, without a
    call for each value. The values must be of the type that the field describes.
    """

    def to_representation(self, instance: Row) -> dict[str, Any]:
        return {
            name: getattr(instance, name) if is_simple else self._represented(name, instance)
            for name, is_simple in _columns_of(type(self))
        }

    def _represented(self, name: str, instance: Row) -> Any:
        field = self.fields[name]
        value = field.get_attribute(instance)
        return None if value is None else field.to_representation(value)


_SIMPLE = (serializers.IntegerField, serializers.FloatField, serializers.CharField)


@cache
def _columns_of(kind: type[PlainValues[Any]]) -> tuple[tuple[str, bool], ...]:
    """The names of the fields, and whether each is a simple one."""
    return tuple(
        (name, type(field) in _SIMPLE and field.source == name) for name, field in kind().fields.items()
    )


@cache
def _fields_of(kind: type[SharedFields[Any]], _language: str | None) -> BindingDict:
    made = BindingDict(kind())
    for name, field in copy.deepcopy(kind._declared_fields).items():
        made[name] = field
        _make_sentences(field)
    return made


def _make_sentences(field: Any) -> None:
    """DRF makes a sentence when it is first read, which two threads must not do at once."""
    for validator in field.validators:
        str(getattr(validator, "message", ""))
    if hasattr(field, "child"):
        _make_sentences(field.child)


class StrictSerializer(serializers.Serializer[Row]):
    """A serializer whose input may hold its own fields only, and none that is merely answered."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is None or not (data is serializers.empty or hasattr(data, "keys")):
            sentence = _("Send one JSON object with the fields.")
            raise ValidationError({_GENERAL: [ErrorDetail(sentence, "invalid")]})
        known = [name for name, field in self.fields.items() if not field.read_only]
        unknown = unknown_fields(data, known) if hasattr(data, "keys") else {}
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
    if not strangers:
        return {}
    sentence = (
        _("There is no such field. Leave it out, or use one of: %(fields)s.") % {"fields": ", ".join(allowed)}
        if allowed
        else _("There is no such field. Leave it out: none is taken here.")
    )
    return {name[:_NAME_LENGTH]: [ErrorDetail(sentence, "unknown_field")] for name in strangers[:_NAMED]}
