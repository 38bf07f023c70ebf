"""German is complete: every text has its translation, with the same placeholders."""

import ast
import re

from django.conf import settings
from django.utils.translation import gettext, override, pgettext

CATALOGUE = settings.BASE_DIR / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdf%]|</?(?:span|code)\b[^>]*>")
FIELD = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?) ((?:".*"\n?)+)', re.MULTILINE)


def read(path):
    """Each entry of a .po file as {field: text}, the header left out."""
    entries = [
        {name: "".join(map(ast.literal_eval, text.splitlines())) for name, text in FIELD.findall(block)}
        for block in path.read_text().split("\n\n")
    ]
    return [entry for entry in entries if entry.get("msgid")]


ENTRIES = read(CATALOGUE)


def translations(entry):
    return [text for name, text in entry.items() if name.startswith("msgstr")]


def test_every_text_is_translated_and_none_is_a_guess():
    assert len(ENTRIES) > 400
    assert [entry["msgid"] for entry in ENTRIES if not all(translations(entry))] == []
    assert "#, fuzzy" not in CATALOGUE.read_text()


def test_every_translation_keeps_the_placeholders():
    # In one test: that of each of a thousand texts alone costs a hundred times what it checks.
    changed = [entry["msgid"] for entry in ENTRIES if not keeps_placeholders(entry)]
    assert changed == []


def keeps_placeholders(entry):
    wanted = sorted(PLACEHOLDER.findall(entry.get("msgid_plural", entry["msgid"])))
    return all(sorted(PLACEHOLDER.findall(text)) == wanted for text in translations(entry))


def test_the_compiled_catalogue_is_the_written_one():
    with override("de"):
        stale = [
            entry["msgid"] for entry in ENTRIES if "msgstr" in entry and compiled(entry) != entry["msgstr"]
        ]
    assert stale == []


def compiled(entry):
    context = entry.get("msgctxt")
    return pgettext(context, entry["msgid"]) if context else gettext(entry["msgid"])
