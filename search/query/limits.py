"""Every limit of a query; forms, serializers and the OpenAPI document read them from here."""

from __future__ import annotations

from django.utils.translation import gettext as _

MAX_TEXT = 500
PAGE_SIZE = 24
MAX_TOP_K = 100
MAX_OFFSET = 1000
# Alternatives within one filter: more than anybody ticks; and the longest of them.
MAX_VALUES = 50
MAX_VALUE = 120
# As the catalogue keeps them: the steps of a category, the name of an attribute.
MAX_CATEGORY_PATH = 400
MAX_ATTRIBUTE_NAME = 60
MAX_IMAGE_ID = 200
MAX_CROP = 100
MAX_URL = 2000

_LONGEST = {"category": MAX_CATEGORY_PATH, "attribute": MAX_ATTRIBUTE_NAME + 1 + MAX_VALUE}


class InvalidQuery(Exception):
    """A query that breaks a rule; ``field`` names the part at fault, the message is for the shopper."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def longest_value(name: str) -> int:
    """How many characters one value of this filter or list may have."""
    return _LONGEST.get(name, MAX_VALUE)


def check_values(name: str, values: tuple[str, ...]) -> None:
    """Raises InvalidQuery where there are too many values, or one is too long or no text."""
    if not values:
        return  # as most lists of a query are, of which one page makes twenty
    if len(values) > MAX_VALUES:
        raise InvalidQuery(name, _("Choose at most %(n)d of them.") % {"n": MAX_VALUES})
    longest = longest_value(name)
    if any(len(value) > longest for value in values):
        raise InvalidQuery(name, _("Use at most %(n)d characters.") % {"n": longest})
    for value in values:
        check_text(name, value)


def check_text(name: str, value: str) -> None:
    """Raises InvalidQuery for a null character, which PostgreSQL refuses in any text."""
    if "\0" in value:
        raise InvalidQuery(name, _("Null characters are not allowed."))
