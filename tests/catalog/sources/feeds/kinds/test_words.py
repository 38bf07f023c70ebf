"""Headers, genders, answers and stock in the languages of spreadsheets, and their older encodings."""

from decimal import Decimal

import pytest

from catalog.sources.feeds.values.genders import read_gender
from catalog.sources.feeds.values.stock import read_availability

HEADERS = {
    "cp1254": "Stok Kodu;Ürün Adı;Fiyat;Marka;Renk;Cinsiyet;Stok Adedi",
    "cp1250": "Kód;Název;Cena s DPH;Značka;Barva;Pohlaví;Skladem",
    "cp1251": "Артикул;Название;Цена;Бренд;Цвет;Пол;Остаток",
    "gb18030": "商品编号;商品名称;价格;品牌;颜色;性别;库存",
    "cp932": "商品コード;商品名;販売価格;ブランド;カラー;性別;在庫数",
}
ROWS = {
    "cp1254": ("Keten Elbise", "39,90 TL", "Kırmızı", "Kadın"),
    "cp1250": ("Šaty", "39,90 Kč", "Červená", "Dámské"),
    "cp1251": ("Платье", "39,90 руб.", "Красный", "Женский"),
    "gb18030": ("连衣裙", "39.90", "红色", "女士"),
    "cp932": ("ドレス", "39.90", "赤", "レディース"),
}


@pytest.mark.parametrize("encoding", HEADERS)
def test_a_short_sheet_in_an_older_encoding_is_told_by_its_header(look, encoding):
    title, price, colour, gender = ROWS[encoding]
    sheet = f"{HEADERS[encoding]}\n7;{title};{price};Fern;{colour};{gender};5\n"
    (found,), rejected, _notes = look(sheet.encode(encoding))
    assert not rejected
    assert (found.title, found.colour, found.gender) == (title, colour, "Women")
    assert (found.price, found.brand, found.in_stock) == (Decimal("39.90"), "Fern", True)


def test_polish_prices_in_an_older_encoding_are_polish(look):
    (found,), _rejected, _notes = look("kod;nazwa;cena\n7;Sukienka;1 299,00 zł\n".encode("cp1250"))
    assert (found.price, found.currency) == (Decimal("1299.00"), "PLN")


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Ladies' fashion", "Women"),
        ("Womens / Ladies", "Women"),
        ("female adult", "Women"),
        ("Kids - Girls", "Girls"),
        ("Girls > Kids", "Girls"),
        ("Kids / Women", "Girls"),
        ("Erkek", "Men"),
        ("Dámské", "Women"),
        ("мужской", "Men"),
        ("女装", "Women"),
        ("Frauen", "Women"),
        ("weiblich", "Women"),
        ("Männer", "Men"),
        ("Frauen & Männer", "Unisex"),
        ("mixte", "Unisex"),
        ("Jungs", "Boys"),
        ("Vrouwen", "Women"),
        ("Mænd", "Men"),
        ("Women / Shoes", ""),
    ],
)
def test_a_gender_is_read_in_words_around_it(text, gender):
    assert read_gender(text) == gender


@pytest.mark.parametrize(
    ("text", "in_stock"),
    [
        *[(word, True) for word in ("evet", "ano", "igen", "да", "WAHR", "VRAI", "x", "stokta var")],
        *[
            (word, False)
            for word in ("hayır", "ne", "нет", "FALSCH", "FAUX", "нет в наличии", "缺货", "품절")
        ],
        *[
            ("в наличии", True),
            ("有货", True),
            ("Momentan nicht verfügbar", False),
            ("Available soon", False),
        ],
        *[("t", True), ("f", False)],
        *[("In Stock - ships today", True), ("in_stock_soon", False), ("Derniers articles en stock", True)],
    ],
)
def test_answers_and_stock_are_read_in_more_languages(text, in_stock):
    assert read_availability(text) == (in_stock, None)


@pytest.mark.parametrize(("text", "quantity"), [("Nur noch 2 verfügbar", 2), ("Son 2 ürün", 2), ("3 ks", 3)])
def test_a_number_within_words_counts(text, quantity):
    assert read_availability(text) == (True, quantity)
