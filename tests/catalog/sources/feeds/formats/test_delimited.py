"""Feeds in delimited text, in every encoding, damaged ones too."""

from decimal import Decimal

import pytest

from catalog.sources.base import Rejected, SourceError
from catalog.sources.feeds.feed import FeedSource
from tests.factories import NOW

CSV = "id,title,price\n1,Red Dress,15.00 USD\n2,Blue Shirt,20.00 USD\n"


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_it_finds_the_separator(read, separator):
    products, _rejected = read(CSV.replace(",", separator))
    assert [product.price for product in products] == [Decimal(15), Decimal(20)]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_it_finds_the_encoding(read, encoding):
    (product,), _rejected = read(
        "id,title,price\n1,Weiße Blüten-Bluse für den Sommer,15.00 EUR\n".encode(encoding)
    )
    assert (product.external_id, product.title) == ("1", "Weiße Blüten-Bluse für den Sommer")


def test_one_damaged_byte_does_not_garble_the_other_umlauts(read):
    data = "id,title\n1,Blüte\n2,Größe\n3,Müller\n".encode()
    products, _rejected = read(data.replace("Größe".encode(), b"Gr\xff\xc3\x9fe"))
    assert [product.title for product in products] == ["Blüte", "Gr\ufffdße", "Müller"]


def test_quoted_newlines_stay_in_their_cell_and_lines_count_on(read):
    products, rejected = read('id,title,description\n1,Hat,"first\nsecond, third"\n2,,none\n3,Cap,x\n')
    assert products[0].description == "first\nsecond, third"
    assert [product.line for product in products] == [2, 5]
    assert rejected == [Rejected(4, "2", "the title is missing")]


def test_a_million_characters_are_cut_in_a_description_and_refused_in_an_id(read):
    products, rejected = read(f"id,title,description\n1,Hat,{'x' * 1_000_000}\n{'9' * 1_000_000},Cap,y\n")
    assert [len(product.description) for product in products] == [20_000]
    assert [(row.line, row.problem) for row in rejected] == [(3, "the id is longer than 80 characters")]


@pytest.mark.parametrize("count", [40, 5000])
def test_an_open_quote_costs_its_row_and_no_other(read, count):
    """Of 5,000 rows the cell grows too long to be read; of 40 it ends with the feed."""
    lines = [f"{n},Hat {n},{'x' * 1000}" for n in range(count)]
    lines[10] = lines[10].replace("Hat 10", '"Hat 10')
    products, rejected = read("id,title,description\n" + "\n".join(lines))
    assert len({product.external_id for product in products}) == count - 1
    assert [(row.line, "quote" in row.problem) for row in rejected] == [(12, True)]


def test_a_quote_that_the_next_one_closes_costs_its_row_and_no_other(read):
    lines = [f'{n},"Hat {n}","warm, {n}"' for n in range(9)]
    lines[3] = '3,"Hat 3,"warm"'
    products, rejected = read("id,title,description\n" + "\n".join(lines))
    assert [product.external_id for product in products] == [str(n) for n in range(9) if n != 3]
    assert [(row.line, row.external_id) for row in rejected] == [(5, "3")]


@pytest.mark.parametrize("rest", ['3,"Cap, wo', "3,Ca"])
def test_a_feed_that_breaks_off_gives_the_rows_before_and_fails(tmp_path, rest):
    path = tmp_path / "feed.csv"
    path.write_text(CSV + rest)
    rows = FeedSource("demo", str(path), now=NOW).products()
    assert [next(rows).external_id, next(rows).external_id] == ["1", "2"]
    with pytest.raises(SourceError, match="breaks off within the row that begins on line 4"):
        next(rows)


def test_a_remark_behind_the_last_row_is_no_break(read):
    products, rejected = read(CSV + "2 products")
    assert len(products) == 2
    assert [row.line for row in rejected] == [4]
