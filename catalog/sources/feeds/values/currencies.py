"""Currencies as shops write them: codes, signs and names, by the data of Unicode's CLDR (Babel)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from babel import Locale
from babel.numbers import list_currencies

from catalog.sources.base import InvalidProduct

# Languages whose signs and names of currencies are known.
LOCALES = (
    *(
        "en",
        "de",
        "fr",
        "es",
        "it",
        "nl",
        "pl",
        "pt",
        "sv",
        "da",
        "nb",
        "fi",
        "cs",
        "hu",
        "tr",
        "ro",
        "bg",
        "hr",
    ),
    *("el", "ru", "uk", "ja", "zh", "ko", "he", "vi", "id", "th"),
)
DOLLARS = frozenset(
    {
        *(
            "USD",
            "CAD",
            "AUD",
            "NZD",
            "HKD",
            "SGD",
            "TWD",
            "MXN",
            "ARS",
            "CLP",
            "COP",
            "UYU",
            "DOP",
            "JMD",
            "TTD",
        ),
        *("BBD", "BSD", "BMD", "BND", "BZD", "FJD", "GYD", "KYD", "LRD", "NAD", "SBD", "SRD", "XCD"),
    }
)
KRONER = frozenset({"SEK", "NOK", "DKK", "ISK"})
RUPEES = frozenset({"INR", "PKR", "LKR", "NPR", "MUR", "SCR"})
_POUNDS = frozenset({"GBP", "EGP", "LBP", "SYP", "FKP", "GIP", "SHP"})
_YEN = frozenset({"JPY", "CNY"})
_FRANCS = frozenset({"CHF", "XAF", "XOF", "XPF"})
# What several currencies share, and which one it is where nothing else says so ("" where none is likelier).
_SHARED: dict[str, tuple[frozenset[str], str]] = {
    **dict.fromkeys(("$", "dollar", "dollars", "＄"), (DOLLARS, "USD")),
    **dict.fromkeys(("£", "pound", "pounds", "pfund"), (_POUNDS, "GBP")),
    **dict.fromkeys(("¥", "￥"), (_YEN, "JPY")),
    **dict.fromkeys(("kr", "krona", "krone", "kroner", "kronen", "kronor", "krónur"), (KRONER, "")),
    **dict.fromkeys(("rs", "₨", "rupee", "rupees"), (RUPEES, "")),
    **dict.fromkeys(("fr", "franc", "francs"), (_FRANCS, "")),
}
_OWN = {
    "a$": "AUD", "au$": "AUD", "aud$": "AUD", "c$": "CAD", "ca$": "CAD", "s$": "SGD", "sg$": "SGD",
    "us$": "USD",
    "$us": "USD", "$ca": "CAD", "$au": "AUD", "nz$": "NZD", "hk$": "HKD", "nt$": "TWD", "mex$": "MXN",
    "r$": "BRL",
    "euro": "EUR", "euros": "EUR", "eur.": "EUR", "yen": "JPY", "円": "JPY", "元": "CNY", "rmb": "CNY",
    "yuan": "CNY",
    "sfr": "CHF", "stutz": "CHF", "franken": "CHF", "tl": "TRY", "lei": "RON", "лв": "BGN", "руб": "RUB",
    "грн": "UAH",
    "złoty": "PLN", "zloty": "PLN", "zlotys": "PLN", "zl": "PLN", "reais": "BRL", "real": "BRL", "rm": "MYR",
    "rp": "IDR", "dhs": "AED", "aed": "AED", "ft": "HUF", "kc": "CZK", "r": "ZAR", "₤": "GBP", "inr₹": "INR",
    "czk": "CZK", "dkr": "DKK", "nkr": "NOK", "skr": "SEK", "ikr": "ISK", "s/": "PEN",
}  # fmt: skip
# Words beside an amount that change nothing about it.
_BESIDE = {
    *(
        "incl",
        "including",
        "inc",
        "excl",
        "excluding",
        "ex",
        "vat",
        "tax",
        "taxes",
        "gst",
        "hst",
        "sales",
        "net",
    ),
    *(
        "price",
        "only",
        "now",
        "each",
        "inkl",
        "inklusive",
        "zzgl",
        "exkl",
        "mwst",
        "ust",
        "preis",
        "nur",
        "jetzt",
    ),
    *(
        "ttc",
        "ht",
        "tva",
        "prix",
        "iva",
        "incluido",
        "inclusa",
        "incluso",
        "inclusief",
        "btw",
        "prijs",
        "moms",
    ),
    *(
        "precio",
        "prezzo",
        "pvp",
        "rrp",
        "msrp",
        "uvp",
        "brutto",
        "netto",
        "gross",
        "per",
        "piece",
        "pcs",
        "stk",
    ),
    *("of", "the", "de", "des", "der", "z", "vi", "med", "con", "gross", "plus", "and", "und"),
}
_WORD = re.compile(r"[^\W\d_]+|[^\w\s]")


@lru_cache(maxsize=4096)
def currency_of(text: str, default: str = "") -> str:
    """The ISO code of a sign, code or name of a currency; "" for an empty text.

    ``default`` is the shop's own: what several currencies share ("$", "kr") means it, where it is one of
    them. Raises InvalidProduct for a text that names none, or does not say which.
    """
    candidates = _candidates(_key(text))
    if candidates is None:
        candidates = _of_words(text)
    if candidates is None:
        return ""
    if default in candidates[0]:
        return default
    if candidates[1]:
        return candidates[1]
    several = ", ".join(sorted(candidates[0]))
    raise InvalidProduct(f"{text.strip()[:20]!r} may be {several}; state the currency (--currency)")


def is_code(text: str) -> bool:
    """Whether this is a currency's ISO code, in capitals."""
    return text in _codes()


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(list_currencies() - {"XXX", "XTS"})


def _of_words(text: str) -> tuple[frozenset[str], str] | None:
    words = [word for word in _WORD.findall(text) if word.casefold() not in _BESIDE and not _is_mark(word)]
    if not words:
        return None
    whole = _candidates(_key("".join(words)))
    if whole is not None:
        return whole
    codes: frozenset[str] | None = None
    likely = ""
    for word in words:
        found = _candidates(_key(word))
        if found is None:
            raise InvalidProduct(f"{word[:20]!r} is no currency")
        codes = found[0] if codes is None else codes & found[0]
        likely = found[1] or likely
    if not codes:
        raise InvalidProduct(f"{text.strip()[:20]!r} names two currencies")
    if len(codes) == 1:
        return codes, next(iter(codes))
    return codes, likely if likely in codes else ""


def _is_mark(word: str) -> bool:
    # Signs of currencies (Sc) count, other punctuation does not.
    return len(word) == 1 and not word.isalpha() and unicodedata.category(word) != "Sc"


def _candidates(key: str) -> tuple[frozenset[str], str] | None:
    if not key:
        return None
    if key in _SHARED:
        return _SHARED[key]
    code = _OWN.get(key) or _known().get(key)
    return (frozenset({code}), code) if code else None


def _key(text: str) -> str:
    return re.sub(r"[\s.\-()\u200e\u200f\u061c]+", "", text).casefold()


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Codes, unshared signs and names in the languages of LOCALES, by _key."""
    codes = _codes()
    found: dict[str, set[str]] = {code.casefold(): {code} for code in codes}
    for name in LOCALES:
        locale = Locale.parse(name)
        for code, text in [*locale.currency_symbols.items(), *locale.currencies.items()]:
            if code in codes:
                found.setdefault(_key(text), set()).add(code)
        for code, forms in locale._data["currency_names_plural"].items():
            for text in forms.values():
                found.setdefault(_key(text), set()).add(code)
    return {key: next(iter(of)) for key, of in found.items() if key and len(of) == 1}
