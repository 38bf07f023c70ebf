"""Parsing of JSON bodies from untrusted clients."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

# JSON may escape half of a pair ("\\ud800"), which is no character and cannot be encoded.
_SURROGATE = re.compile("[\ud800-\udfff]")


class ShallowJSONParser(JSONParser):
    """DRF's parser, which answers 400 to what no field could be made of."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Raises ParseError for malformed JSON, for nesting beyond Python's recursion limit and for names
        that are no text, and ValidationError for fields whose values hold such text.
        """
        try:
            parsed = super().parse(stream, media_type, parser_context)
            _refuse_surrogates(parsed)
            return parsed
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply. Send one flat object.")) from None


def _refuse_surrogates(parsed: Any) -> None:
    message = _("This is not text: half of a surrogate pair stands alone.")
    fields = parsed if isinstance(parsed, dict) else {"": parsed}
    if any(_SURROGATE.search(name) for name in fields):
        raise ParseError(message)
    wrong = [name for name, value in fields.items() if _has_surrogate(value)]
    if "" in wrong:
        raise ParseError(message)
    if wrong:
        raise ValidationError({name: [message] for name in wrong})


def _has_surrogate(value: Any) -> bool:
    if isinstance(value, str):
        return _SURROGATE.search(value) is not None
    if isinstance(value, dict):
        return any(map(_has_surrogate, (*value, *value.values())))
    return isinstance(value, list) and any(map(_has_surrogate, value))
