"""Whether the shop itself shows a product: published, visible, switched on, without a password."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from catalog.sources.base import InvalidProduct
from catalog.sources.feeds.rows import Row
from catalog.sources.feeds.values.dates import is_date, is_on
from catalog.sources.feeds.values.prices import is_nothing
from catalog.sources.feeds.values.stock import stock_in

# Spreadsheets save TRUE and FALSE in the language they are set to, PostgreSQL as t and f.
_NO = {
    *("0", "false", "no", "n", "f", "off", "none", "nein", "non", "nie", "-1", "0.0", "-1.0"),
    *("disabled", "inactive", "unpublished"),
    *("falsch", "faux", "falso", "onwaar", "fałsz", "falskt", "falsk", "usann", "epätosi", "nepravda"),
    *("hamis", "yanlış", "fals", "ложь", "ψευδής", "nee", "nej", "nei", "não", "nao", "ei", "ne", "nem"),
}
_YES = {
    *("1", "true", "yes", "y", "t", "on", "x", "ja", "oui", "sí", "si", "sì", "sim", "tak", "1.0"),
    *("wahr", "vrai", "verdadero", "vero", "verdadeiro", "waar", "prawda", "sant", "sand", "sann", "tosi"),
    *("pravda", "igaz", "doğru", "adevărat", "истина", "αληθής"),
}
_FLAGS = {
    **dict.fromkeys((
        "published", "is_published", "published_on_online_store", "veröffentlicht", "publié", "publicado",
        "pubblicato", "gepubliceerd", "opublikowany", "publiziert", "freigegeben", "freigeschaltet",
    ), "not published"),
    **dict.fromkeys((
        "active", "is_active", "enabled", "is_enabled", "active_0_1", "aktiv", "product_online", "online",
        "is_online", "actif", "activo", "attivo", "actief", "aktywny", "ativo", "actif_0_1", "aktiv_0_1",
        "activo_0_1", "attivo_0_1", "product_is_available",
    ), "switched off"),
    **dict.fromkeys((
        "visible", "is_visible", "product_visible", "shown", "sichtbar", "visible_in_shop", "zichtbaar",
        "visible_individually", "show_in_shop", "show_on_website", "listed", "is_listed",
    ), "hidden"),
    **dict.fromkeys(("is_for_sale", "for_sale", "allow_purchases"), "not for sale"),
}  # fmt: skip
# A yes in these hides.
_AGAINST = {
    **dict.fromkeys(("hidden", "is_hidden", "hide", "versteckt", "hide_from_shop", "hide_product"), "hidden"),
    **dict.fromkeys(("archived", "is_archived", "deleted", "is_deleted", "discontinued"), "archived"),
    **dict.fromkeys(("draft", "is_draft"), "draft"),
    **dict.fromkeys(("disabled", "is_disabled", "inactive", "is_inactive", "suspended"), "switched off"),
    "unlisted": "not published",
}
_STATES = {
    **dict.fromkeys((
        "draft", "drafts", "entwurf", "brouillon", "borrador", "bozza", "concept", "rascunho", "szkic",
        "utkast", "kladde",
    ), "draft"),
    **dict.fromkeys(("private", "privat", "privé", "privado", "privato", "privada", "internal"), "private"),
    **dict.fromkeys((
        "hidden", "invisible", "not visible individually", "none", "staging", "versteckt", "not visible",
        "nicht sichtbar", "unsichtbar", "masqué", "caché", "oculto", "nascosto", "verborgen", "ukryty",
    ), "hidden"),
    **dict.fromkeys((
        "archived", "archive", "deleted", "trash", "removed", "expired", "discontinued", "withdrawn",
        "archiviert", "gelöscht", "archivé", "supprimé", "archivado", "eliminado", "archiviato",
        "gearchiveerd", "retired", "ended",
    ), "archived"),
    **dict.fromkeys((
        "pending", "pending review", "future", "scheduled", "unpublished", "not published", "unlisted",
        "in review", "under review", "awaiting approval", "not approved", "rejected", "incomplete",
        "not live", "coming soon", "nicht veröffentlicht", "unveröffentlicht", "non publié", "no publicado",
        "non pubblicato", "niet gepubliceerd", "en attente", "pendiente", "in attesa", "ausstehend",
    ), "not published"),
    **dict.fromkeys((
        "inactive", "disabled", "off", "switched off", "deactivated", "inaktiv", "not active", "offline",
        "paused", "suspended", "blocked", "on hold", "deaktiviert", "gesperrt", "désactivé", "inactif",
        "inactivo", "inattivo", "inactief", "nieaktywny", "inativo", "nicht aktiv",
    ), "switched off"),
    **dict.fromkeys(("password", "password protected", "passwortgeschützt"), "password-protected"),
}  # fmt: skip
_SHOWN = {
    *("active", "enabled", "published", "publish", "live", "visible", "online", "public", "shown", "aktiv"),
    *("listed", "approved", "actif", "activo", "attivo", "actief", "publié", "publicado", "pubblicato"),
    *("catalog, search", "catalog", "search", "both", "everywhere", "all", "visible everywhere", "new"),
    *("veröffentlicht", "sichtbar", "for sale", "normal", "default", "catalogue", "sale"),
}
_STATED = (
    *("status", "visibility", "product_status", "state", "visibility_in_catalog", "publish_status"),
    *("post_status", "item_status", "listing_status", "online_status", "publication_status", "sales_status"),
    *("catalog_visibility", "product_visibility", "item_visibility", "square_online_item_visibility"),
    *("sichtbarkeit", "visibilité", "visibilidad", "visibilità", "zichtbaarheid", "statut", "estado"),
    "stato",
)
# These also say where a thing is (NE for Nebraska), or how worn.
_NO_SWITCHES = ("state", "estado", "stato")
_PASSWORDS = ("post_password", "password", "password_protected")
_FROM = ("publish_date", "published_from", "visible_from", "online_from", "publish_at", "go_live_date")
_UNTIL = ("expiration_date", "visible_until", "online_until", "unpublish_date", "unpublish_at")
# Magento's number for it, also as tables of numbers with gaps save it.
SWITCHED_OFF = ("2", "2.0")
# Columns that are read for this alone, and are no attributes of a product.
VISIBILITY = frozenset({*_FLAGS, *_AGAINST, *_STATED, *_PASSWORDS, *_FROM, *_UNTIL})


def why_hidden(row: Row, now: datetime) -> str:
    """Why the shop does not show this row's product, "" where it does. Raises InvalidProduct."""
    stated = VISIBILITY & row.cells.keys()
    if not stated:
        return ""
    for column, reason in _FLAGS.items():
        if column in stated and (found := _of_flag(row.first(column), reason)):
            return found
    for column, reason in _AGAINST.items():
        if column in stated and is_yes(row.first(column)):
            return reason
    if row.first("product_online") in SWITCHED_OFF:
        return "switched off"
    for column in _STATED:
        if column in stated and (reason := _of_state(row.first(column), column)):
            return reason
    password = row.first(*_PASSWORDS)
    if password and not is_no(password) and not is_nothing(password):
        return "password-protected"
    return _by_date(row, now)


def _of_flag(text: str, reason: str) -> str:
    return reason if is_no(text) else state_of(text)


def _of_state(text: str, column: str) -> str:
    # A letter may stand for a word such as "new".
    is_off = is_no(text) and not (text.isalpha() and len(text) == 1) and column not in _NO_SWITCHES
    return state_of(text) or ("switched off" if is_off else "")


def _by_date(row: Row, now: datetime) -> str:
    starts, ends = _day(row, _FROM), _day(row, _UNTIL)
    try:
        if not is_on(starts, "", now):
            return "not published"
        return "" if is_on("", ends, now) else "expired"
    except InvalidProduct:
        dates = " - ".join(filter(None, (starts, ends)))[:60]
        raise InvalidProduct(f"the days that it is shown, {dates!r}, cannot be read for sure") from None


def _day(row: Row, columns: Sequence[str]) -> str:
    text = row.first(*columns)
    return text if is_date(text) else ""


def unknown_states(row: Row) -> Iterator[tuple[str, str]]:
    """Columns that say whether a product is shown, with values that are no yes, no no and no day."""
    for column in VISIBILITY & row.cells.keys():
        text = row.first(column)
        if not _is_understood(column, text):
            yield column, text


def _is_understood(column: str, text: str) -> bool:
    if column in _FROM or column in _UNTIL:
        return is_date(text)
    if column in _PASSWORDS or is_yes(text) or is_no(text) or is_nothing(text):
        return True
    return column not in _AGAINST and _is_known(text)


def _is_known(text: str) -> bool:
    key = text.strip().casefold().replace("_", " ")
    # A number may mean anything; a status may also tell of the stock.
    return key in _SHOWN or key in _STATES or key.isdigit() or stock_in(text) is not None


def is_no(text: str) -> bool:
    return text.strip().casefold() in _NO


def is_yes(text: str) -> bool:
    return text.strip().casefold() in _YES


def state_of(text: str) -> str:
    """The reason that a state such as "draft" or "hidden" gives, "" for one that is shown."""
    return _STATES.get(text.strip().casefold().replace("_", " "), "")
