"""Availability and quantities as shops word them, in several languages."""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.values.numbers import NotANumber, TwoReadings, normalised, number_of, numbers_in

# By the letters and digits alone: "in stock", "in_stock" and "https://schema.org/InStock" are "instock".
_IN = {
    *("instock", "available", "yes", "true", "1", "limitedavailability", "onlineonly", "y", "t", "on"),
    *("lowstock", "low"),
    *("limitedstock", "limited", "fewleft", "onlyafewleft", "lastitems", "laststock", "almostgone"),
    "inventory",
    *("availablefororder", "availabletoorder", "availablenow", "instocknow", "readytoship"),
    "shipsimmediately",
    *("auflager", "lagernd", "vorrätig", "verfügbar", "sofortlieferbar", "sofortverfügbar"),
    *("lieferbar", "ja"),
    *("wenigevorrätig", "geringerbestand", "nurnochwenige", "aufbestellung", "bestellbar", "imlager"),
    *("enstock", "disponible", "oui", "stocklimité", "stockfaible", "dernierspièces", "surcommande"),
    *("ensstock", "enexistencias", "hayexistencias", "sí", "si", "stockbajo", "bajostock", "disponibles"),
    *("disponibile", "disponibili", "inmagazzino", "ultimipezzi", "sì"),
    *("opvoorraad", "leverbaar", "beschikbaar", "beperktevoorraad", "voorradig"),
    *("dostępny", "dostępna", "dostępne", "wmagazynie", "tak", "nastanie", "emestoque", "disponível"),
    *("sim", "emstock"),
    *("ilager", "påläger", "pålager", "finnsilager", "tillgänglig", "tilgængelig"),
    "varastossa",
    *("skladem", "naskladě", "raktáron", "készleten", "stokta", "mevcut", "var"),
    *("evet", "ano", "áno", "igen", "da", "да", "wahr"),
    *("vrai", "vero", "verdadero", "waar", "prawda", "x"),
    *("stoktavar", "sonürün", "вналичии", "есть", "имеется"),
    *("有货", "现货", "재고있음", "판매중", "varastossa"),
    *("verfügbarsofort", "sofortversandfertig", "derniersarticles", "derniersarticlesenstock", "quedanpocos"),
    *("últimasunidades", "ultimeunità", "shipstoday"),
    *("instockshipstoday", "wdostawie24h", "disponívelemestoque"),
    *("在庫あり", "在庫有り", "在庫有", "残りわずか", "販売中"),
}  # fmt: skip
_OUT = {
    *("outofstock", "soldout", "unavailable", "notavailable", "no", "false", "0", "n", "f", "off"),
    "discontinued",
    *("preorder", "backorder", "backordered", "onbackorder", "availableonbackorder", "instoreonly"),
    "comingsoon",
    *("outstock", "notinstock", "outofstockonline", "nostock", "temporarilyoutofstock"),
    "temporarilyunavailable",
    *("endoflife", "retired", "presale", "madetoorderonly", "nolongeravailable", "waitlist"),
    *("reserved", "sold"),
    *("ausverkauft", "nichtauflager", "nichtverfügbar", "nichtlieferbar", "nichtvorrätig", "nein"),
    "vergriffen",
    *("vorbestellbar", "vorbestellung", "demnächst", "demnächstverfügbar", "baldverfügbar"),
    "nichtmehrlieferbar",
    *("epuisé", "épuisé", "rupturedestock", "enrupturedestock", "enrupture", "indisponible", "non"),
    "précommande",
    *("bientôtdisponible", "horsstock", "agotado", "sinstock", "sinexistencias", "nodisponible"),
    "próximamente",
    *("esaurito", "nondisponibile", "nondisponibili", "inarrivo", "uitverkocht", "nietopvoorraad", "nee"),
    *("nietleverbaar", "nietbeschikbaar", "binnenkort", "niedostępny", "niedostępna", "brak"),
    "brakwmagazynie",
    *("wyprzedane", "nie", "esgotado", "semestoque", "indisponível", "não", "slutsåld", "slutilager"),
    "udsolgt",
    *("utsolgt", "ikkepålager", "ejilager", "nej", "nei", "loppu", "loppuunmyyty", "vyprodáno"),
    "nenískladem",
    *("elfogyott", "nincsraktáron", "tükendi", "stoktayok", "yok"),
    *("ne", "nem", "ei", "hayır", "нет", "нетвналичии"),
    *("отсутствует", "закончился", "缺货", "售罄", "无货", "품절", "재고없음"),
    *("falsch", "faux", "falso", "onwaar", "fałsz", "momentannichtverfügbar", "zurzeitnichtverfügbar"),
    *("derzeitnichtverfügbar", "derzeitausverkauft", "vorübergehendausverkauft", "availablesoon", "soon"),
    *("instocksoon", "backinstocksoon", "outofstocksoon", "beklenen", "předobjednávka", "přiobjednávce"),
    *("впути", "подзаказ", "предзаказ", "预售", "예약판매"),
    *("在庫なし", "在庫無し", "在庫切れ", "売り切れ", "売切れ", "完売", "品切れ"),
    *("予約", "予約受付中", "入荷待ち"),
}  # fmt: skip
# A delivery time says that it can be bought: "Lieferbar in 3-5 Tagen", "ships in 2 weeks".
_DELIVERY_TIME = re.compile(
    r"[\s,;(]*(?:\b(?:in|within|innerhalb|sous|en|entro|binnen|ca\.?|approx\.?)\s+)*"
    r"\d{1,2}\s*(?:(?:-|–|bis|to|à|a)\s*\d{1,2}\s*)?(?:business|working|werk)?[\s-]*"
    r"(?:days?|weeks?|tage?n?|wochen?|jours?(?: ouvrés)?|semaines?|giorni|días|dagen|dage|dagar|"
    r"hours?|std|stunden|h)\b\)?\.?",
    re.IGNORECASE,
)
# "In stock in 3 weeks" says that it is not; "in stock, 3-5 days" says how long it takes.
_IN_STOCK_LATER = re.compile(
    r"(?:in stock|auf lager|en stock|op voorraad|i lager|på lager)\s+(?:again\s+)?"
    r"(?:in|within|innerhalb|sous|dans|en|over|om)\s+(?:ca\.?\s*)?\d{1,2}\D{1,20}",
    re.IGNORECASE,
)
_WITH_TIME = {
    *("ships", "shipswithin", "usuallyships", "usuallyshipswithin", "delivery", "deliverytime", "shipping"),
    *("lieferzeit", "versandfertig", "lieferung", "versand", "sofortlieferbarlieferzeit", "expédié"),
    *("expédition", "livraison", "délaidelivraison", "entrega", "consegna", "levertijd", "levering"),
}
# No phrase is longer, and a cell of a megabyte would keep the patterns busy for minutes.
_STATED_LENGTH = 200
_UNCOUNTED = {
    ">0",
    "unlimited",
    "infinite",
    "infinity",
    "∞",
    "unbegrenzt",
    "illimité",
    "ilimitado",
    "illimitato",
}
_COUNT = re.compile(r"(?<![\d.,])\d[\d.,]*(?!\d)")


@lru_cache(maxsize=4096)
def read_availability(text: str) -> tuple[bool | None, int | None]:
    """Whether it can be bought, and how many there are: None where the text does not say. Raises
    InvalidProduct for words that are not known.
    """
    stated = re.sub(r"[\W_]", "", text.strip().rpartition("/")[2].casefold())
    if not stated:
        return None, None
    if _number(text) is not None:
        return _of_number(text)
    if stated in _IN or is_uncounted(text):
        return True, None
    if stated in _OUT:
        return False, None
    refused = f"the availability {text[:40]!r} is neither in stock nor out of stock"
    if len(text) > _STATED_LENGTH:
        raise InvalidProduct(refused)
    if _IN_STOCK_LATER.fullmatch(text.strip()):
        return False, None
    timed = _DELIVERY_TIME.sub("", text)
    if timed != text:
        words = re.sub(r"[\W\d_]", "", timed.casefold())
        if words in _OUT or words in _IN or words in _WITH_TIME:
            return words not in _OUT, None
    # "In stock (10)", "only 3 left", "10 in stock": the words decide, the number counts.
    counted = _COUNT.search(text)
    words = re.sub(r"[\W\d_]", "", text.casefold())
    if counted and words in _OUT:
        return False, 0
    known = {words, words.removesuffix("left")} & _COUNTED
    if counted and (known or _AT_LEAST.fullmatch(text)):
        return _of_number(counted.group())
    raise InvalidProduct(refused)


@lru_cache(maxsize=4096)
def stock_in(status: str) -> bool | None:
    """Whether a status says that it can be bought; None where it speaks of something else. A letter may."""
    try:
        return read_availability(status)[0] if len(status) > 1 else None
    except InvalidProduct:
        return None


_WITH_COUNT = {
    *("left", "onlyleft", "leftinstock", "onlyleftinstock", "pcs", "pieces", "units", "items", "stück"),
    *("stk", "nurnoch"),
    *("nurnochstück", "nochstück", "unitésenstock", "unités", "pièces", "pezzi", "stuks", "sztuk"),
    *("szt", "unidades", "nurnochverfügbar", "nochverfügbar", "verfügbar"),
    *("sonürün", "adet", "ks", "db", "шт"),
    *("solo", "soloquedan", "quedan", "plusque", "ilneresteque", "bare", "endast", "nogmaar"),
    *("itemsinstock", "unitsinstock", "stückauflager", "morethan", "over", "qty", "quantity", "instockover"),
}  # fmt: skip


_COUNTED = _IN | _WITH_COUNT
# "5+", "> 10", "10.0": a number and nothing that could mean something else.
_AT_LEAST = re.compile(r"\s*[>≥]?\s*\d{1,7}(?:[.,]0+)?\s*\+?\s*")


def is_uncounted(text: str) -> bool:
    """Whether there are some, nobody says how many, or no end of them."""
    return "".join(text.split()).casefold() in _UNCOUNTED


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\s*[+-]?\d{1,10}\s*", text, re.ASCII) else None


def _of_number(text: str) -> tuple[bool | None, int | None]:
    quantity = read_quantity(text)
    # "1" and "0" are yes and no as well as numbers, so they do not count.
    return bool(quantity), None if text.strip() in ("0", "1") else quantity


def read_quantity(text: str, decimal: str = "") -> int | None:
    """How many there are; None for an empty text. A shop that oversells states fewer than none: none.

    ``decimal`` is the decimal mark of the column, "" where that is not known. Raises InvalidProduct.
    """
    text = normalised(text.strip())
    if not text:
        return None
    whole = _number(text)
    if whole is not None:
        return max(0, whole)
    if is_uncounted(text):
        return None
    refused = f"the quantity {text[:40]!r}"
    if len(text) > _STATED_LENGTH:
        raise InvalidProduct(f"{refused} is not a whole number")
    text = _without_unit(text)
    try:
        if sum(map(str.isdigit, text)) > 10 or numbers_in(text) != [text]:
            raise NotANumber(text)
        # What stands after the mark cannot be a fraction of a piece unless it is all zeros.
        digits = text[-3:]
        number = number_of(text, decimal, fraction_digits=2 if digits == "000" else 0)
    except NotANumber:
        raise InvalidProduct(f"{refused} is not a whole number") from None
    except TwoReadings:
        raise InvalidProduct(
            f"{refused} can be read in two ways; --decimal says which mark begins the decimals"
        ) from None
    if number != number.to_integral_value():
        raise InvalidProduct(f"{refused} is not a whole number")
    return max(0, int(number))


def _without_unit(text: str) -> str:
    """ "12 Stück" and "> 10 pcs" as their numbers."""
    stated = re.sub(r"^[>≥]\s*|\s*\+$", "", text)
    counted = re.fullmatch(r"(\S*\d)\s*([^\W\d_]+)\.?", stated)
    return counted.group(1) if counted and counted.group(2).casefold() in _WITH_COUNT else stated
