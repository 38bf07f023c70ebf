"""German is complete: every text has its translation, with the same placeholders."""

import ast
import re

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext, override, pgettext

from accounts.models import User

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


def test_every_name_that_the_admin_shows_can_be_translated(rf):
    request = rf.get("/admin/")
    request.user = User(is_staff=True, is_superuser=True)
    assert [name for each in ours() for name, text in names(each, request) if not said(text)] == []


def test_every_choice_that_the_admin_shows_can_be_translated():
    choices = [
        f"{each.model._meta.label}.{field.name}: {value}"
        for each in ours()
        for field in each.model._meta.concrete_fields
        for value, label in field.flatchoices
        if not isinstance(label, Promise) and re.search("[a-z]", label)
    ]
    assert choices == []


def said(text):
    # Django names primary keys itself.
    return isinstance(text, Promise) or text in ("ID", "id")


def ours():
    others = ("axes", "django")
    return [each for each in admin.site._registry.values() if not each.model.__module__.startswith(others)]


def names(registered, request):
    """What the pages of one model call it, its columns and its fields, each with where it is from."""
    about = registered.model._meta
    yield f"{about.label}: singular", about.verbose_name
    yield f"{about.label}: plural", about.verbose_name_plural
    shown = {*registered.get_list_display(request), *registered.list_filter}
    for known in (None, registered.model()):
        shown |= set(flatten_fieldsets(registered.get_fieldsets(request, known)))
    for name in sorted(each for each in shown if isinstance(each, str)):
        try:
            yield f"{about.label}.{name}", about.get_field(name).verbose_name
        except FieldDoesNotExist:
            # Django's own form asks for passwords by fields that no model has.
            if column := getattr(registered, name, getattr(registered.model, name, None)):
                yield f"{about.label}.{name}", getattr(column, "short_description", name)
