"""JSON Schemas of what tools take, made from the serializers that check it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

Schema = dict[str, Any]

_TYPES: tuple[tuple[type[serializers.Field[Any, Any, Any, Any]], str], ...] = (
    (serializers.BooleanField, "boolean"),
    (serializers.IntegerField, "integer"),
    (serializers.FloatField, "number"),
    (serializers.DecimalField, "number"),
    (serializers.ListField, "array"),
)
_LIMITS = {"max_length": "maxLength", "min_value": "minimum", "max_value": "maximum"}


def schema_of(serializer: type[serializers.Serializer[Any]], *, required: Iterable[str] = ()) -> Schema:
    """The schema of an object with the serializer's fields and no others."""
    fields = serializer().fields
    schema: Schema = {
        "type": "object",
        "properties": {name: _field(field) for name, field in fields.items()},
        "additionalProperties": False,
    }
    needed = [name for name, field in fields.items() if field.required or name in set(required)]
    return schema | ({"required": needed} if needed else {})


def _field(field: Any) -> Schema:
    schema: Schema = {"type": next((name for kind, name in _TYPES if isinstance(field, kind)), "string")}
    if isinstance(field, serializers.ListField):
        return _described(schema | {"items": _field(field.child), "maxItems": field.max_length}, field)
    if isinstance(field, serializers.ChoiceField):
        schema["enum"] = list(field.choices)
    if isinstance(field, serializers.UUIDField):
        schema["format"] = "uuid"
    for attribute, keyword in _LIMITS.items():
        if (limit := getattr(field, attribute, None)) is not None:
            schema[keyword] = limit
    return _described(schema, field)


def _described(schema: Schema, field: Any) -> Schema:
    schema = {key: value for key, value in schema.items() if value is not None}
    if field.help_text:
        schema["description"] = str(field.help_text)
    if not field.required and field.default not in (serializers.empty, None, "", False):
        schema["default"] = field.default
    return schema


def nullable(kind: str) -> Schema:
    return {"type": [kind, "null"]}


def object_of(properties: Schema, *, required: Iterable[str] | None = None) -> Schema:
    """An answer's object: every property is there unless ``required`` names those that are."""
    names = list(properties) if required is None else list(required)
    return {"type": "object", "properties": properties, "required": names}


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
TEXTS: Schema = list_of(TEXT)
