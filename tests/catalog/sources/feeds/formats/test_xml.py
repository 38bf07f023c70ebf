"""Feeds in XML, whatever they declare, and damaged."""

from decimal import Decimal

import pytest

from catalog.sources.base import SourceError
from catalog.sources.feeds.feed import FeedSource
from tests.factories import NOW

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


def test_names_of_characters_that_only_html_has_are_read_as_characters(read):
    (product,), _rejected = read(
        "<r><item><id>1</id><title>Caf&eacute;&nbsp;Hat &amp; Cap</title>"
        "<description><![CDATA[Fish&nbsp;&amp; chips]]></description></item></r>"
    )
    assert product.title == "Café Hat & Cap"
    assert product.description == "Fish & chips"


def test_a_name_that_nobody_knows_is_damage_and_no_text(read):
    with pytest.raises(SourceError, match="damaged: undefined entity &shop;"):
        read("<r><item><id>1</id><title>&shop;</title></item></r>")


@pytest.mark.parametrize("start", ["", '<?xml version="1.0"?>\n<!-- <g:x> -->\n', "<!-- 1 --><!-- 2 -->"])
def test_prefixes_that_are_not_declared_are_read(read, start):
    (product,), _rejected = read(
        f'{start}<rss><channel xmlns:c="urn:custom"><item><id>other</id>{GOOGLE_ITEM}'
        '<media:note xsi:nil="true"/><c:size>M</c:size></item></channel></rss>'
    )
    assert (product.external_id, product.title) == ("SKU-1", "Linen & Silk Dress")


@pytest.mark.parametrize("words", ["Tent, 4 m²:20 kg", "No 1ª:2 <![CDATA[ b²:c ]]>", "at 10:30 x:y"])
def test_words_with_a_colon_are_taken_for_no_prefix(read, words):
    (product,), _rejected = read(f"<r><item><id>1</id><title>Hat {words}</title></item></r>")
    assert product.title.startswith("Hat " + words[:8])


def test_a_declaration_behind_a_sign_in_quotes_is_found(read):
    (product,), _rejected = read(
        '<rss title="Shoes > Women" xmlns:g="http://base.google.com/ns/1.0"><item><g:id>1</g:id>'
        "<title>Hat</title></item></rss>"
    )
    assert product.external_id == "1"


def test_a_prefix_that_is_declared_keeps_its_meaning(read):
    (product,), _rejected = read(
        '<r xmlns:g = "urn:shop"><item><id>1</id><g:id>2</g:id><title>Hat</title></item></r>'
    )
    assert product.external_id == "1"


def test_many_comments_before_nothing_cost_no_time(read):
    with pytest.raises(SourceError, match="no element"):
        read("<!---->" * 5000)


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
