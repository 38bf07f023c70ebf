"""The columns of WooCommerce's CSV by their names in the languages of its users."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from catalog.sources.feeds.visibility import is_no

# English names, by column_name(), and what translations call them.
_NAMES = {
    "type": ("typ", "tipo", "soort"),
    "sku": ("artikelnummer", "ugs", "cod", "kod_sku", "ref"),
    "name": ("nom", "nombre", "nome", "naam", "nazwa", "namn"),
    "published": (
        *("veröffentlicht", "publié", "publié_e", "publicado", "pubblicato", "gepubliceerd"),
        *("opublikowano", "publicerad"),
    ),
    "visibility_in_catalog": (
        *("sichtbarkeit_im_katalog", "visibilité_dans_le_catalogue", "visibilidad_en_el_catálogo"),
        *("visibilità_nel_catalogo", "zichtbaarheid_in_catalogus", "widoczność_w_katalogu"),
        "synlighet_i_katalog",
    ),
    "short_description": (
        *("kurzbeschreibung", "description_courte", "descripción_corta", "breve_descrizione"),
        "korte_beschrijving",
        "krótki_opis",
    ),
    "description": (
        *("beschreibung", "descripción", "descrizione", "beschrijving", "opis", "beskrivning"),
        "descrição",
    ),
    "date_sale_price_starts": (
        *("datum_an_dem_angebotspreis_beginnt", "datum_an_dem_der_angebotspreis_beginnt"),
        "date_de_début_de_promo",
        *("día_en_que_empieza_el_precio_rebajado", "data_di_inizio_dei_prezzi_scontati"),
        "startdatum_actieprijs",
        "date_de_début_de_la_promo",
    ),
    "date_sale_price_ends": (
        *("datum_an_dem_angebotspreis_endet", "datum_an_dem_der_angebotspreis_endet", "date_de_fin_de_promo"),
        *("día_en_que_termina_el_precio_rebajado", "data_di_fine_dei_prezzi_scontati"),
        "einddatum_actieprijs",
        "date_de_fin_de_la_promo",
    ),
    "in_stock": (
        *("vorrätig", "auf_lager", "en_stock", "existencias", "en_inventario", "hay_existencias"),
        "in_magazzino",
        *("disponibile", "op_voorraad", "w_magazynie", "i_lager"),
    ),
    "stock": (
        *("bestand", "lager", "lagerbestand", "inventario", "cantidad_en_inventario"),
        *("magazzino", "voorraad", "lagersaldo"),
    ),
    "sale_price": (
        *("angebotspreis", "tarif_promo", "precio_rebajado", "prezzo_in_offerta", "actieprijs"),
        "cena_promocyjna",
        *("preço_promocional", "rea_pris"),
    ),
    "regular_price": (
        *("regulärer_preis", "normaler_preis", "tarif_régulier", "precio_normal", "prezzo_di_listino"),
        "reguliere_prijs",
        *("normale_prijs", "cena", "cena_regularna", "preço", "preço_normal", "ordinarie_pris"),
    ),
    "categories": (
        *("kategorien", "catégories", "categorías", "categorie", "categorieën", "kategorie"),
        *("categorias", "kategorier"),
    ),
    "tags": ("schlagwörter", "étiquettes", "etiquetas", "tag", "znaczniki", "tagi", "etiketter"),
    "images": ("bilder", "imágenes", "immagine", "immagini", "afbeeldingen", "obrazki", "imagens"),
    "parent": (
        *("übergeordnetes_produkt", "übergeordnet", "superior", "genitore", "hoofd", "rodzic"),
        *("ascendente", "överordnad"),
    ),
    "brands": ("marken", "marques", "marcas", "marchi", "merken", "marki"),
}  # fmt: skip
_ENGLISH = {other: english for english, others in _NAMES.items() for other in others}

_ATTRIBUTE = r"attribut|atribut|atrybut"
_NUMBER = re.compile(r"\d+")
_NAME_WORD = re.compile(r"name|nom|nombre|nome|naam|nazwa|namn")
_VALUE_WORD = re.compile(r"value|wert|valeur|valor|valore|waarde|wartoś|värde")
_VISIBLE_WORD = re.compile(r"visib|visív|sichtbar|zichtbaar|widoczn|synlig")
_ABOUT = re.compile(_ATTRIBUTE)


@lru_cache(maxsize=4096)
def canonical(column: str) -> str:
    """The English name of a column."""
    return _ENGLISH.get(column, column)


def attribute_columns(columns: Iterable[str]) -> list[tuple[str, str]]:
    """(column of the name, column of the values) of every numbered attribute, in the order of the numbers."""
    names, values = {}, {}
    for column in columns:
        kind, number = _part(column)
        if kind == "name":
            names[number] = column
        elif kind == "value":
            values[number] = column
    return [(names.get(n, ""), values.get(n, "")) for n in sorted({*names, *values})]


def hidden_attributes(columns: Mapping[str, list[str]]) -> set[str]:
    """The columns of names of the numbered attributes that the shop's pages leave out, by a row's cells."""
    hidden = {
        _part(column)[1]
        for column, values in columns.items()
        if _part(column)[0] == "visible" and is_no(values[0])
    }
    return {column for column in columns if _part(column)[0] == "name" and _part(column)[1] in hidden}


def is_attribute(column: str) -> bool:
    """Whether a column belongs to a numbered attribute: its name, values, visibility, default, ..."""
    return bool(_NUMBER.search(column) and _ABOUT.search(column))


@lru_cache(maxsize=4096)
def _part(column: str) -> tuple[str, int]:
    number = _NUMBER.search(column)
    if number is None or not _ABOUT.search(column):
        return "", 0
    if _VALUE_WORD.search(column):
        return "value", int(number.group())
    if _VISIBLE_WORD.search(column):
        return "visible", int(number.group())
    return ("name" if _NAME_WORD.search(column) else ""), int(number.group())
