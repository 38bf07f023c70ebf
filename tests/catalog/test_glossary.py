"""The glossary, through which values of the catalogue are shown in other languages."""

import re
from pathlib import Path

from django.conf import settings

from catalog.glossary import attributes, categories

# Of a template, without a context that tells it from others.
PLAIN_TEXT = re.compile(r"""{%\s*trans\s+"([^"]+)"(?:\s+as\s+\w+)?\s*%}""")


def test_no_text_of_a_page_is_translated_as_a_value_of_the_catalogue():
    # "Home" was both the link to the front page and what a lamp is for.
    values = {*attributes.VALUES, *categories.WEARERS, *categories.CATEGORIES}
    pages = (settings.BASE_DIR / "templates").rglob("*.html")
    texts = {text for page in pages for text in PLAIN_TEXT.findall(Path(page).read_text())}
    assert len(texts) > 100
    assert texts & values == set()
