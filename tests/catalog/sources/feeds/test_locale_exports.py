"""Spreadsheets as shops of several countries fill them in, and what spreadsheets do to a shop's numbers."""

from decimal import Decimal

import pytest

from catalog.sources.feeds.values.genders import read_gender

POLISH = """Kod produktu;Nazwa;Producent;Cena brutto;Cena netto;Cena promocyjna;Stan magazynowy;Kolor;Rozmiar;Zdjęcie;Aktywny
P1;Sukienka;Fern;1 199,00 zł;974,80 zł;1 149,00 zł;4;granatowy;M;https://x.example/1.jpg;tak
P2;Ukryty;Fern;99,00 zł;80,49 zł;;3;biały;S;https://x.example/2.jpg;nie
"""  # noqa: E501 - a line is a header
BRAZILIAN = """Código;Nome;Marca;Categoria;Preço;Preço promocional;Estoque;Cor;Tamanho;Imagem;Ativo
B1;Vestido;Fern;Feminino > Vestidos;R$ 1.199,90;R$ 999,90;3;Azul;M;https://x.example/1.jpg;Sim
"""
JAPANESE = """商品コード,商品名,ブランド,カテゴリ,販売価格(税込),通常価格,在庫数,カラー,サイズ,商品画像URL
J1,ワンピース,Fern,レディース > ワンピース,"¥12,800","¥15,800",3,ネイビー,M,https://x.example/1.jpg
"""


@pytest.mark.parametrize(
    ("text", "encoding", "currency", "price", "before", "quantity", "colour"),
    [
        (POLISH, "cp1250", "PLN", "1149.00", "1199.00", 4, "Granatowy"),
        (BRAZILIAN, "latin-1", "BRL", "999.90", "1199.90", 3, "Azul"),
        (JAPANESE, "shift_jis", "JPY", "12800", "15800", 3, "ネイビー"),
    ],
)
def test_a_spreadsheet_is_read_by_the_names_of_its_country(
    look, text, encoding, currency, price, before, quantity, colour
):
    (product,), rejected, notes = look(text.encode(encoding), encoding=encoding)
    assert not rejected
    assert "read in two ways" not in notes
    assert (product.price, product.list_price, product.currency) == (
        Decimal(price),
        Decimal(before),
        currency,
    )
    assert (product.brand, product.colour, product.quantity) == ("Fern", colour, quantity)
    assert product.attributes["sizes"] == ["M"]
    assert product.images == ("https://x.example/1.jpg",)


@pytest.mark.parametrize(
    ("stated", "age_group", "meant"),
    [
        ("Hommes", "", "Men"),
        ("mujer", "adult", "Women"),
        ("Kobieta", "", "Women"),
        ("レディース", "", "Women"),
        ("Herren/Damen", "", "Unisex"),
        ("men and women", "", "Unisex"),
        ("female", "kids", "Girls"),
        ("male", "Infant", "Boys"),
        ("unisex", "kids", "Unisex"),
        ("something else", "kids", ""),
    ],
)
def test_for_whom_a_product_is_has_many_words(stated, age_group, meant):
    assert read_gender(stated, age_group) == meant


def test_a_column_of_cents_is_read_as_cents(export):
    rows = [
        {"id": "1", "title": "Hat", "price_cents": "4999", "sale_price_cents": "1950"},
        {"id": "2", "title": "Cap", "price_cents": "1000", "sale_price_cents": ""},
    ]
    products, _skipped, rejected, notes = export(*rows)
    assert not rejected
    assert [(each.price, each.list_price) for each in products.values()] == [
        (Decimal("19.50"), Decimal("49.99")),
        (Decimal(10), None),
    ]
    assert "looks like a price" not in notes


def test_cents_with_a_fraction_are_refused(export):
    products, _skipped, (rejected,), _notes = export({"id": "1", "title": "Hat", "price_cents": "49.99"})
    assert not products
    assert "no whole number of the smallest unit" in rejected.problem


@pytest.mark.parametrize("word", ["Summe", "TOTAL", "Total:", "Razem", "合計"])
def test_a_row_of_totals_is_no_product(export, word):
    rows = [
        {"id": "1", "title": "Hat", "price": "49.90"},
        {"id": word, "title": "1 article", "price": "49.90"},
    ]
    products, _skipped, (rejected,), _notes = export(*rows)
    assert set(products) == {"1"}
    assert "a row of totals" in rejected.problem


def test_a_number_that_a_spreadsheet_rounded_is_no_id_and_no_article_number(export):
    rows = [
        {"id": "4.00638E+12", "title": "Hat", "price": "49.90", "ean": "4.00638E+12"},
        {"id": "2", "title": "Cap", "price": "49.90", "ean": "4.00638E+12"},
        {"id": "1E5", "title": "Bag", "price": "49.90", "ean": "4006381333931"},
    ]
    products, _skipped, (rejected,), notes = export(*rows)
    assert {each.external_id: each.article_numbers.get("gtin", []) for each in products.values()} == {
        "2": [],
        "1E5": ["4006381333931"],
    }
    assert "lost its digits in a spreadsheet" in rejected.problem
    assert "Column ean: numbers such as 4.00638E+12 lost their digits" in notes


def test_a_price_before_a_reduction_alone_is_asked_about(export):
    products, *_rest, notes = export({"id": "1", "title": "Hat", "retail_price": "59.90"})
    assert products["1"].price is None
    assert "--map 'retail_price'=price says so" in notes


@pytest.mark.parametrize(
    ("text", "in_stock"), [("nicht lieferbar", False), ("1-3 Werktage", True), ("0", True), ("Versand", True)]
)
def test_a_delivery_time_may_say_that_there_is_none(export, text, in_stock):
    products, *_rest = export({"id": "1", "title": "Hat", "price": "1.00", "deliveryTime": text})
    assert products["1"].in_stock is in_stock
