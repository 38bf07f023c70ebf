"""Parsing of JSON bodies from untrusted clients."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class ShallowJSONParser(JSONParser):
    """DRF's parser, which answers 400 instead of 500 to a body of ten thousand brackets."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Raises ParseError for malformed JSON, and for nesting beyond Python's recursion limit."""
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError(_("This JSON is nested too deeply. Send one flat object.")) from None
