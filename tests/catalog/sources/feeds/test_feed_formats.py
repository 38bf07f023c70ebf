"""Feeds in XML, JSON lines and delimited text, in every encoding, damaged ones too."""

import json
from decimal import Decimal

import pytest

from catalog.sources.base import Rejected, SourceError
from catalog.sources.feeds.feed import FeedSource
from tests.factories import NOW

CSV = "id,title,price\n1,Red Dress,15.00 USD\n2,Blue Shirt,20.00 USD\n"


GOOGLE_ITEM = """
  <g:id>SKU-1</g:id><title>Linen &amp; Silk Dress</title>
  <description><![CDATA[<p>Light.</p><p>Airy &eacute;t&eacute;.</p>]]></description>
  <link>https://shop.example/dress</link><g:brand>Fern</g:brand>
  <g:image_link>https://shop.example/1.jpg</g:image_link>
  <g:additional_image_link>https://shop.example/2.jpg</g:additional_image_link>
  <g:additional_image_link>https://shop.example/3.jpg</g:additional_image_link>
  <g:price>59.00 EUR</g:price><g:sale_price>39.00 EUR</g:sale_price>
  <g:availability>in_stock</g:availability><g:color>navy blue</g:color><g:gender>female</g:gender>
  <g:size>S</g:size><g:material>Linen</g:material><g:item_group_id>G1</g:item_group_id>
  <g:product_type>Apparel &gt; Women &gt; Dresses</g:product_type>
  <g:google_product_category>2271</g:google_product_category>
  <g:shipping><g:country>DE</g:country><g:price>4.95 EUR</g:price></g:shipping>
"""
RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
<title>Shop</title><link>https://shop.example</link>
<item>{GOOGLE_ITEM}</item>
<item><g:id>SKU-2</g:id><title>Hat</title><g:availability>out of stock</g:availability></item>
</channel></rss>"""


def check_google_dress(product):
    assert (product.external_id, product.title) == ("SKU-1", "Linen & Silk Dress")
    assert product.description == "Light.\nAiry été."
    assert (product.price, product.list_price, product.currency) == (Decimal(39), Decimal(59), "EUR")
    assert (product.category, product.category_path) == ("Dresses", "Apparel > Women > Dresses")
    assert (product.colour, product.gender, product.brand) == ("Navy Blue", "Women", "Fern")
    assert product.images == tuple(f"https://shop.example/{n}.jpg" for n in (1, 2, 3))
    assert product.attributes == {"sizes": ["S"], "material": "Linen"}
    assert (product.url, product.item_group_id) == ("https://shop.example/dress", "G1")


def test_it_reads_a_google_merchant_rss_feed(read):
    (dress, hat), rejected = read(RSS)
    assert rejected == []
    check_google_dress(dress)
    assert (dress.line, hat.line) == (4, 18)
    assert (dress.in_stock, hat.in_stock) == (True, False)


def test_it_reads_a_google_merchant_atom_feed(read):
    item = GOOGLE_ITEM.replace(
        "<link>https://shop.example/dress</link>", '<link href="https://shop.example/dress"/>'
    )
    (product,), _rejected = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>'
        f"<author><name>Somebody</name></author><entry>{item}</entry></feed>"
    )
    check_google_dress(product)


def test_it_reads_xml_in_its_declared_encoding(read):
    for encoding in ("ISO-8859-1", "UTF-16"):
        text = (
            f'<?xml version="1.0" encoding="{encoding}"?><r><item><id>1</id><title>Größe</title></item></r>'
        )
        (product,), _rejected = read(text.encode(encoding))
        assert product.title == "Größe"


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        # What expat does not know itself.
        ("Shift_JIS", "shift_jis"),
        ("gbk", "gbk"),
        ("iso-2022-jp", "iso-2022-jp"),
        # What programs declare above UTF-8, and UTF-8 declared above what is none.
        ("utf-16", "utf-8"),
        ("ISO-8859-1", "utf-8"),
        ("windows-1251", "utf-8"),
        ("Shift_JIS", "utf-8"),
        ("ISO-8859-1", "cp1252"),
        ("UTF-8", "cp1252"),
        ("nonsense", "utf-8"),
    ],
)
def test_it_reads_xml_whose_declaration_is_unusual_or_wrong(read, declared, written):
    title = "赤いシャツ" if written in ("shift_jis", "gbk", "iso-2022-jp") else "Größe für 9 €"
    text = f'<?xml version="1.0" encoding="{declared}"?><r><item><id>1</id><title>{title}</title></item></r>'
    (product,), _rejected = read(text.encode(written))
    assert product.title == title


def test_an_encoding_that_is_stated_counts_before_the_one_that_xml_declares(look):
    text = '<?xml version="1.0" encoding="ISO-8859-1"?><r><item><id>1</id><title>Kůň</title></item></r>'
    (product,), _rejected, _notes = look(text.encode("cp1250"), encoding="cp1250")
    assert product.title == "Kůň"


def test_blank_lines_before_xml_are_passed_over_and_counted(read):
    (product,), _rejected = read(
        '\n\n <?xml version="1.0"?><r>\n<item><id>1</id><title>Hat</title></item></r>'
    )
    assert (product.title, product.line) == ("Hat", 4)


def test_a_character_that_xml_does_not_allow_stops_no_row(read):
    products, _rejected = read(
        "<r><item><id>1</id><title>Red\x0bHat</title></item><item><id>2</id><title>Cap</title></item></r>"
    )
    assert [product.title for product in products] == ["Red Hat", "Cap"]


def test_the_id_and_the_page_of_an_atom_entry_are_the_products(read):
    """Whichever way Google's namespace is written, and whatever else the entry links to."""
    (product,), _rejected = read(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="https://base.google.com/ns/1.0"><entry>'
        "<id>tag:shop.example,2026:1</id><g:id>SKU-1</g:id><title>Hat</title>"
        '<link rel="self" href="https://shop.example/1.atom"/><link href="https://shop.example/1"/>'
        '<link rel="enclosure" href="https://shop.example/1.jpg"/></entry></feed>'
    )
    assert (product.external_id, product.url) == ("SKU-1", "https://shop.example/1")


def test_products_before_the_break_of_a_truncated_xml_feed_are_given_then_it_fails(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(RSS[: RSS.index("<g:id>SKU-2") + 20])
    rows = FeedSource("demo", str(path), now=NOW).products()
    assert next(rows).external_id == "SKU-1"
    with pytest.raises(SourceError, match="breaks off"):
        next(rows)


def test_it_refuses_entities_in_xml(read):
    bomb = (
        '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><r><item><id>1</id><title>&b;</title></item></r>'
    )
    with pytest.raises(SourceError, match="entities"):
        read(bomb)


def test_it_reads_json_lines_and_rejects_only_the_bad_line(read):
    lines = [
        {
            "id": 7,
            "title": "Scarf",
            "price": 12.345,
            "currency": "GBP",
            "images": ["a.jpg", "b.jpg"],
            "stock": 0,
        },
        {
            "id": "8",
            "title": "Belt",
            "availability": True,
            "material": None,
            "tags": ["new", "leather"],
            "weight": 1.5,
        },
    ]
    (scarf, belt), rejected = read(f"{json.dumps(lines[0])}\n{{broken\n\n{json.dumps(lines[1])}\n")
    assert (scarf.external_id, scarf.price, scarf.currency) == ("7", Decimal("12.35"), "GBP")
    assert (scarf.images, scarf.in_stock, scarf.quantity) == (("a.jpg", "b.jpg"), False, 0)
    assert (belt.line, belt.in_stock) == (4, True)
    assert belt.attributes == {"tags": ["new", "leather"], "weight": "1.5"}
    assert [(row.line, row.problem[:14]) for row in rejected] == [(2, "not valid JSON")]


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"id": ' + "9" * 6000 + "}", '{"a": 1e999999999, "id": 1}', "{1:2}"]
)
def test_hostile_json_costs_one_row(read, line):
    products, rejected = read('{"id": 1, "title": "Hat"}\n' + line + '\n{"id": 2, "title": "Cap"}\n')
    assert [product.external_id for product in products] == ["1", "2"]
    assert [row.line for row in rejected] == [2]


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


def test_json_lines_that_break_off_give_the_rows_before_and_fail(tmp_path):
    """What is behind the break would be taken for vanished."""
    path = tmp_path / "feed.jsonl"
    path.write_text('{"id": 1, "title": "Hat"}\n{"id": 2, "title": "Cap"}\n{"id": 3, "ti')
    rows = FeedSource("demo", str(path), now=NOW).products()
    assert [next(rows).external_id, next(rows).external_id] == ["1", "2"]
    with pytest.raises(SourceError, match="breaks off within line 3"):
        next(rows)


def test_json_lines_may_end_without_an_end_of_line(read):
    products, rejected = read('{"id": 1, "title": "Hat"}\n{"id": 2, "title": "Cap"}')
    assert ([product.external_id for product in products], rejected) == (["1", "2"], [])


def test_a_remark_behind_the_last_row_is_no_break(read):
    products, rejected = read(CSV + "2 products")
    assert len(products) == 2
    assert [row.line for row in rejected] == [4]
