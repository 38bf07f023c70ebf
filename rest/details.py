"""DRF's validation errors as lists of codes and sentences by field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.settings import api_settings

# Where one message stands for a whole request.
_GENERAL = api_settings.NON_FIELD_ERRORS_KEY


def by_field(error: ValidationError) -> tuple[str, dict[str, list[dict[str, str]]]]:
    """The sentences about the whole, and ``{"code", "detail"}`` entries by field; that of a row within a list
    is "3.currency".
    """
    details = error.get_full_details()
    found: Any = details if isinstance(details, dict) else {_GENERAL: details}
    rows = {field: each for field, each in found.items() if str(field).isdigit() and isinstance(each, dict)}
    within = {f"{at}.{name}": each for at, row in rows.items() for name, each in row.items()}
    found = {str(field): each for field, each in found.items() if field not in rows} | within
    errors = {field.removesuffix(f".{_GENERAL}"): list(_sentences(each)) for field, each in found.items()}
    general = errors.pop(_GENERAL, [])
    return " ".join(each["detail"] for each in general), errors


def _sentences(found: Any) -> Iterator[dict[str, str]]:
    """DRF nests lists by index and objects by key; a client gets one flat list of them by field."""
    if isinstance(found, list):
        for each in found:
            yield from _sentences(each)
    elif (
        isinstance(found, dict) and set(found) == {"message", "code"} and not isinstance(found["code"], dict)
    ):
        yield {"code": str(found["code"]), "detail": str(found["message"])}
    elif isinstance(found, dict):
        for each in found.values():
            yield from _sentences(each)
