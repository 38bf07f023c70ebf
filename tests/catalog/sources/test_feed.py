import json
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.base import InvalidProduct, Rejected, SourceError, SourceProduct
from catalog.sources.feed import FeedSource
from catalog.sources.formats import Row, column_name
from catalog.sources.mapping import read_product
from tests.factories import NOW, picture_bytes


@pytest.fixture
def read(tmp_path):
    """Write a feed and read it back as (products, rejected)."""

    def write_and_read(content: str | bytes, name="feed"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        rows = list(FeedSource("demo", str(path), now=NOW).products())
        return (
            [row for row in rows if isinstance(row, SourceProduct)],
            [row for row in rows if isinstance(row, Rejected)],
        )

    return write_and_read


CSV = "id,title,price\n1,Red Dress,15.00 USD\n2,Blue Shirt,20.00 USD\n"


def test_it_reads_the_columns_of_the_fashion_product_data_set(read):
    (product,), rejected = read(
        "id,title,master_category,sub_category,article_type,colour,gender,season,year,usage,price,image\n"
        "10003,White T-Shirt,Apparel,Topwear,Tshirts,White,Women,Fall,2011,Sports,36.54,images/10003.jpg\n"
    )
    assert rejected == []
    assert (product.external_id, product.title, product.line) == ("10003", "White T-Shirt", 2)
    assert (product.category, product.category_path) == ("Tshirts", "Apparel > Topwear > Tshirts")
    assert (product.colour, product.gender) == ("White", "Women")
    assert (product.price, product.currency) == (Decimal("36.54"), "EUR")
    assert product.attributes == {"season": "Fall", "year": "2011", "usage": "Sports"}
    assert product.images == ("images/10003.jpg",)
    assert product.in_stock


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
    assert (scarf.external_id, scarf.price, scarf.currency) == ("7", Decimal("12.34"), "GBP")
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


def test_an_open_quote_costs_its_rows_not_the_feed(read):
    filler = "x" * 1000
    lines = [f"{n},Hat {n},{filler}" for n in range(5000)]
    lines[10] = f'10,"Hat,{filler}'
    products, rejected = read("id,title,description\n" + "\n".join(lines))
    assert len(products) > 1000
    assert "quote" in rejected[0].problem
    assert rejected[0].line == 12


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",Hat,1,,", "the id is missing"),
        ("5,,1,,", "the title is missing"),
        ("5,Hat,free,,", "the price 'free' is not one amount"),
        ("5,Hat,-3,,", "the price -3 is not between 0 and 9999999999.99"),
        ("5,Hat,1,perhaps,", "the availability 'perhaps' is neither in stock nor out of stock"),
        ("5,Hat,1,,many", "the quantity 'many' is not a whole number"),
        ("5,Hat,1,,99999999999", "the quantity '99999999999' is not a whole number"),
        ("5,Hat,1", "3 cells under 5 columns; is a quote or a separator missing?"),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_reason(read, row, problem):
    products, rejected = read(f"id,title,price,availability,quantity\n4,Cap,1,,\n{row}\n6,Scarf,1,,\n")
    assert [product.external_id for product in products] == ["4", "6"]
    assert [(found.line, found.problem) for found in rejected] == [(3, problem)]


def test_an_empty_feed_fails_and_a_header_alone_gives_nothing(read):
    with pytest.raises(SourceError, match="empty"):
        read("")
    assert read("id,title\n") == ([], [])


@pytest.mark.parametrize("header", ["foo,title", "id,price"])
def test_a_feed_without_id_or_title_is_refused_as_a_whole(read, header):
    with pytest.raises(SourceError, match="no column for the"):
        read(f"{header}\n1,2\n")


def test_a_missing_feed_fails_with_its_name(tmp_path):
    with pytest.raises(SourceError, match=r"nowhere\.csv cannot be read: No such file"):
        list(FeedSource("demo", str(tmp_path / "nowhere.csv"), now=NOW).products())


def test_a_json_array_is_refused_with_advice(read):
    with pytest.raises(SourceError, match="one object on each line"):
        read('[{"id": 1}]')


@pytest.mark.parametrize(
    ("interval", "price", "before"),
    [
        ("2026-05-01T00:00+0200/2026-06-01T00:00+0200", 10, 20),
        ("2026-06-01T00:00+0200/2026-07-01T00:00+0200", 20, None),
        ("", 10, 20),
    ],
)
def test_a_sale_price_counts_while_the_sale_is_on(interval, price, before):
    cells = {"id": ["1"], "title": ["Hat"], "price": ["20"], "sale_price": ["10"]}
    row = Row(2, {**cells, "sale_price_effective_date": [interval]})
    product = read_product(row, currency="EUR", now=NOW)
    assert (product.price, product.list_price) == (price, before)


@pytest.mark.parametrize(
    ("stated", "quantity", "expected"),
    [
        ("in stock", "", True),
        ("In Stock", "0", True),
        ("https://schema.org/OutOfStock", "5", False),
        ("preorder", "", False),
        ("instock", "", True),
        ("", "3", True),
        ("", "0", False),
        ("", "", True),
    ],
)
def test_it_knows_the_spellings_of_availability(stated, quantity, expected):
    row = Row(2, {"id": ["1"], "title": ["Hat"], "availability": [stated], "quantity": [quantity]})
    assert read_product(row, currency="EUR", now=NOW).in_stock is expected


def test_control_characters_and_half_pairs_do_not_reach_the_database():
    row = Row(2, {"id": ["1\x00"], "title": ["A\x00B\ud800C"], "no\x00te": ["x\x00y"]})
    product = read_product(row, currency="EUR", now=NOW)
    assert (product.external_id, product.title, product.attributes) == ("1", "A B C", {"no te": "x y"})


@pytest.mark.parametrize("header", ["g:image_link", "Image Link", "image-link", "imageLink", " IMAGE_LINK "])
def test_headers_are_read_in_every_spelling(header):
    assert column_name(header) == "image_link"


def test_equal_content_has_an_equal_hash_wherever_it_stands():
    one, moved = (SourceProduct("1", "Hat", line=line) for line in (2, 9))
    assert one.content_hash() == moved.content_hash()
    assert one.content_hash() != SourceProduct("1", "Hat", in_stock=False).content_hash()


@given(st.dictionaries(st.sampled_from(["id", "title", "price", "link", "image", "x"]), st.text(max_size=50)))
def test_any_row_is_a_product_or_rejected(cells):
    try:
        product = read_product(
            Row(2, {name: [text] for name, text in cells.items()}), currency="EUR", now=NOW
        )
    except InvalidProduct:
        return
    assert product.external_id
    assert product.title
    assert len(product.content_hash()) == 64


class TestPictures:
    @pytest.fixture
    def source(self, tmp_path):
        folder = tmp_path / "shop"
        (folder / "images").mkdir(parents=True)
        (folder / "images" / "1.png").write_bytes(picture_bytes())
        (tmp_path / "secret.png").write_bytes(picture_bytes())
        return FeedSource("demo", str(folder / "feed.csv"), now=NOW)

    def test_it_reads_a_picture_beside_the_feed(self, source):
        assert source.image("images/1.png") == picture_bytes()

    @pytest.mark.parametrize(
        "address",
        [
            "../secret.png",
            "images/../../secret.png",
            "/etc/hostname",
            "file:///etc/hostname",
            "a\x00b",
            "x" * 900,
            ".",
        ],
    )
    def test_it_reads_nothing_outside_the_feeds_folder(self, source, address):
        with pytest.raises(SourceError):
            source.image(address)

    def test_a_link_does_not_lead_out_of_the_folder(self, source, tmp_path):
        (tmp_path / "shop" / "images" / "2.png").symlink_to(tmp_path / "secret.png")
        (tmp_path / "shop" / "up").symlink_to(tmp_path)
        for address in ("images/2.png", "up/secret.png"):
            with pytest.raises(SourceError, match="leads out"):
                source.image(address)

    def test_a_pipe_is_no_picture(self, source, tmp_path):
        os.mkfifo(tmp_path / "shop" / "pipe.png")
        with pytest.raises(SourceError, match="no such file"):
            source.image("pipe.png")

    def test_it_reads_no_more_than_the_cap_and_one_byte(self, source, settings):
        settings.MAX_UPLOAD_BYTES = 10
        assert len(source.image("images/1.png")) == 11

    def test_a_file_saved_later_is_newer(self, source):
        saved = datetime.fromtimestamp(Path(source._folder / "images/1.png").stat().st_mtime, UTC)
        assert source.image_is_newer("images/1.png", saved - timedelta(seconds=1))
        assert not source.image_is_newer("images/1.png", saved + timedelta(seconds=1))
        assert not source.image_is_newer("images/missing.png", saved)
