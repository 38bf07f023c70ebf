"""What becomes of a feed's rows, and its pictures."""

import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.attributes import column_name
from catalog.sources.base import InvalidProduct, SourceError, SourceProduct
from catalog.sources.feeds.feed import FeedSource
from catalog.sources.feeds.mapping import read_product
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.rows import Row
from tests.factories import NOW, picture_bytes

READING = Reading(now=NOW, currency="EUR")


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


def test_a_json_array_without_titles_is_refused_like_any_feed(read):
    with pytest.raises(SourceError, match="no column for the title"):
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
    product = read_product(row, READING)
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
    assert read_product(row, READING).in_stock is expected


def test_control_characters_and_half_pairs_do_not_reach_the_database():
    row = Row(2, {"id": ["1\x00"], "title": ["A\x00B\ud800C"], "no\x00te": ["x\x00y"]})
    product = read_product(row, READING)
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
        product = read_product(Row(2, {name: [text] for name, text in cells.items()}), READING)
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
