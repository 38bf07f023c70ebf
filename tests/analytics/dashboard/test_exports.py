"""The dashboard's tables as CSV, which no spreadsheet evaluates."""

import codecs
import csv
from io import StringIO

import pytest
from django.utils.translation import override

from analytics.dashboard.tables import Column, Table, escape_formula
from analytics.models import DailyCount


def test_a_table_is_exported(browser, staff, today):
    answer = browser(staff).get("/admin/dashboard/top.csv?days=7")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith(codecs.BOM_UTF8)
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Query", "Searches", "Found nothing", "Barely found", "Click-through"]
    assert ["red dress", "1", "0", "0", "1.0"] in rows


def test_a_german_spreadsheet_reads_the_export(browser, staff, today):
    client = browser(staff)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    content = client.get("/admin/dashboard/top.csv?days=7").content
    assert content.startswith(codecs.BOM_UTF8)
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert ["red dress", "1", "0", "0", "1,0"] in rows


@pytest.mark.parametrize(
    ("language", "line"), [("en", '-0.5,"79.90 EUR, 12.00 USD"'), ("de", "-0,5;79,90 EUR, 12,00 USD")]
)
def test_fractions_are_exported_as_the_language_writes_them(language, line):
    columns = (Column("share", "Share", "share"), Column("revenue", "Revenue", "money"))
    table = Table("t", "T", columns, [{"share": -0.5, "revenue": {"EUR": "79.90", "USD": "12.00"}}])
    with override(language):
        assert table.as_csv().splitlines()[1] == line


def test_a_source_is_called_the_same_in_the_table_and_in_its_export(browser, staff, noon):
    DailyCount.objects.create(day=noon.date(), measure="viewed-source", key="together", count=1)
    client = browser(staff)
    for language, name in (("en", "Bought together"), ("de", "Zusammen gekauft")):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        assert name in client.get("/admin/dashboard").content.decode()
        exported = client.get("/admin/dashboard/sales-by-source.csv").content.decode("utf-8-sig")
        delimiter = {"en": ",", "de": ";"}[language]
        assert list(csv.reader(StringIO(exported), delimiter=delimiter))[1][0] == name


def test_an_unknown_table_is_not_found(browser, staff):
    assert browser(staff).get("/admin/dashboard/secrets.csv").status_code == 404


def test_every_table_can_be_exported(browser, staff, today):
    client = browser(staff)
    names = [one.name for one in client.get("/admin/dashboard").context["tables"].values()]
    assert len(names) == 14
    assert {client.get(f"/admin/dashboard/{name}.csv").status_code for name in names} == {200}


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "=cmd|'/c calc'!A0", "\tx", "\nx"),
        # Full-width and small forms, the minus sign; after spaces and marks that are not shown.
        *(
            "\uff1d1",
            "\uff0b1",
            "\uff0d1",
            "\uff20sum",
            "\ufe661",
            "\ufe621",
            "\ufe631",
            "\ufe6bsum",
            "\u22121",
        ),
        *("\u00a0=1", "\u3000\uff1d1", "\ufeff=1", "\u200b=1", "\u00ad=1", "\x0b=1", "\x00=1", "\u2028=1"),
    ],
)
def test_text_that_begins_like_a_formula_is_made_text(text):
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("value", ["red dress", "t-shirt", " red", "ﬁne", "", " ", 3, -0.5, 0])
def test_other_cells_are_as_they_are(value):
    assert escape_formula(value) == value


def test_a_formula_that_was_searched_for_comes_out_as_text(browser, staff, searched):
    searched('=HYPERLINK("http://evil.example")')
    content = browser(staff).get("/admin/dashboard/top.csv").content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(content)))[1][0].startswith("'=hyperlink")


def test_an_unknown_cell_is_an_empty_one():
    empty = Table("t", "T", (Column("a", "A"),), [{"a": None}])
    assert list(csv.reader(StringIO(empty.as_csv()))) == [["A"], [""]]
