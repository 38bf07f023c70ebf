"""Whether the shop itself shows a product: published, visible, switched on, without a password."""

from __future__ import annotations

from catalog.sources.feeds.rows import Row

_NO = {
    "0",
    "false",
    "no",
    "n",
    "off",
    "none",
    "nein",
    "non",
    "nie",
    "-1",
    "disabled",
    "inactive",
    "unpublished",
}
_FLAGS = {
    **dict.fromkeys(("published", "is_published", "published_on_online_store"), "not published"),
    **dict.fromkeys((
        "active", "is_active", "enabled", "is_enabled", "active_0_1", "aktiv",
        "product_online",
    ), "switched off"),
    **dict.fromkeys(("visible", "is_visible", "product_visible", "shown"), "hidden"),
    **dict.fromkeys(("is_for_sale", "allow_purchases"), "not for sale"),
}  # fmt: skip
_STATES = {
    **dict.fromkeys(("draft", "drafts", "entwurf", "brouillon", "borrador", "bozza", "concept"), "draft"),
    **dict.fromkeys(("private", "privat", "privé"), "private"),
    **dict.fromkeys((
        "hidden", "invisible", "not visible individually", "none", "staging",
        "versteckt",
    ), "hidden"),
    **dict.fromkeys(("archived", "archive", "deleted", "trash", "removed", "expired"), "archived"),
    **dict.fromkeys(("pending", "pending review", "future", "scheduled"), "not published"),
    **dict.fromkeys(("unpublished", "not published", "unlisted"), "not published"),
    **dict.fromkeys((
        "inactive", "disabled", "off", "switched off", "deactivated",
        "inaktiv",
    ), "switched off"),
}  # fmt: skip
_STATED = (
    "status",
    "visibility",
    "product_status",
    "state",
    "visibility_in_catalog",
    "publish_status",
    "post_status",
)
_PASSWORDS = ("post_password", "password", "password_protected")
# Columns that are read for this alone, and are no attributes of a product.
VISIBILITY = frozenset({*_FLAGS, *_STATED, *_PASSWORDS})


def why_hidden(row: Row) -> str:
    """Why the shop does not show this row's product, "" where it does."""
    if VISIBILITY.isdisjoint(row.cells):
        return ""
    for column, reason in _FLAGS.items():
        if column in row.cells and is_no(row.first(column)):
            return reason
    # Magento counts 2 as switched off.
    if row.first("product_online") == "2":
        return "switched off"
    for column in _STATED:
        if reason := state_of(row.first(column)):
            return reason
    password = row.first(*_PASSWORDS)
    return "password-protected" if password and not is_no(password) else ""


def is_no(text: str) -> bool:
    return text.strip().casefold() in _NO


def state_of(text: str) -> str:
    """The reason that a state such as "draft" or "hidden" gives, "" for one that is shown."""
    return _STATES.get(text.strip().casefold().replace("_", " "), "")
