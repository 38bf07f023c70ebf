"""The home page before a search: example searches, one answer to try the slider on, and picks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from analytics.models import ProductClick
from catalog.display import cards
from catalog.display.cards import Card, cards_by_ids
from catalog.models import Product, ProductImage
from search import engine, images, retrieval
from search.pages.addresses import results_url
from search.query import BUYABLE, InvalidQuery, SearchQuery
from search.ranking import curation

if TYPE_CHECKING:
    from accounts.models import User

PICKS = 12
OF_ONE_CATEGORY = 2
# Six are visible; the slider brings up the others.
SHOWCASE = 18
# The showcase's colours stay words: as a filter they would leave the slider nothing to weigh.
LITERAL_COLOURS = ("colour:Red", "colour:Green")
# What is chosen for the home page stays this long; what is hidden or sold out leaves it at once.
KEPT_SECONDS = 300
POPULAR_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Example:
    """A search to click: words, with a product's picture or without one."""

    words: str
    url: str
    product: Card | None = None


def for_you(user: User | None, session: str, *, now: datetime) -> list[Card]:
    """Products near what the person, or else the session, likes, that can be bought; [] where nothing is
    known of it.
    """
    query = SearchQuery(top_k=PICKS, filters=BUYABLE)
    try:
        answer = retrieval.search(query, user=user, now=now, track=False, session=session, log=False)
    except InvalidQuery:
        return []
    return [hit.product for hit in answer.hits]


def popular(*, now: datetime) -> list[Card]:
    """The products opened most in the last month, then new ones; few of any one category, none sold out."""
    ids = cache.get("home:popular")
    if not isinstance(ids, list):
        opened = _varied(_buyable(cards_by_ids(_most_opened(now))))
        ids = [*opened, *_newest(PICKS - len(opened), besides=opened)]
        cache.set("home:popular", ids, KEPT_SECONDS)
    return _buyable(cards_by_ids(ids))


def examples() -> list[Example]:
    """Searches that show words and a picture together, made from the shop's own products."""
    wishes, shown = (_("in red"), _("for winter"), _("in green")), _example_products()
    made = [
        Example(
            words, results_url(SearchQuery(text=words, image_id=images.product_image_id(product))), product
        )
        for words, product in zip(wishes, shown, strict=True)
        if product
    ]
    words = _words_alone(shown[-1])
    return [*made, Example(words, results_url(SearchQuery(text=words)))]


def _words_alone(dress: Card | None) -> str:
    """Words with a price that a dress of the shop costs less than, in whatever currency that is."""
    if dress is None or not dress.price:
        return _("black dress")
    step = Decimal(10) ** max(dress.price.adjusted(), 0)
    return _("black dress under %(price)d") % {"price": (dress.price // step + 1) * step}


def showcase(shown: Iterable[Example], *, now: datetime) -> dict[str, Any]:
    """One answer to try the slider on, and the product whose picture it started from; {} without one."""
    chosen = next((example for example in shown if example.product), None)
    if chosen is None or chosen.product is None:
        return {}
    image_id = images.product_image_id(chosen.product)
    query = SearchQuery(
        text=chosen.words, image_id=image_id, top_k=SHOWCASE, ignore=LITERAL_COLOURS, filters=BUYABLE
    )
    # The same for everybody, and the most costly part of the page: searched again once anything that it
    # depends on was changed. The columns may be a second behind the cards.
    snapshot, turn = engine.snapshot(), int(now.timestamp() // KEPT_SECONDS)
    version = snapshot.index.manifest.version, snapshot.columns.generation
    staff = curation.current().of_query(chosen.words, now)
    shown_to_all = cards.current().made(
        ("showcase", query, version, staff, turn),
        lambda: retrieval.search(query, user=None, now=now, track=False, log=False),
    )
    return {"showcase": shown_to_all, "showcase_product": chosen.product}


def _example_products() -> list[Card | None]:
    """What to wish in red, for winter and in green; None where the shop has nothing of the kind."""
    ids = cache.get("home:examples")
    if isinstance(ids, list) and len(shown := _by_id(ids)) == len(set(filter(None, ids))):
        return [shown.get(each) for each in ids]
    found = (
        _first(colours=("Blue", "Navy Blue", "Navy", "White"), kinds=("shirt",)),
        _first(kinds=("sneaker", "shoe"), colours=("White", "Brown", "Black")),
        _first(kinds=("dress",), colours=("Black",)),
    )
    ids = [product.product_id if product else "" for product in found]
    cache.set("home:examples", ids, KEPT_SECONDS)
    shown = _by_id(ids)
    return [shown.get(each) for each in ids]


def _by_id(ids: Sequence[str]) -> dict[str, Card]:
    return {product.product_id: product for product in _buyable(cards_by_ids(ids))}


def _buyable(found: Iterable[Card]) -> list[Card]:
    return [each for each in found if each.in_stock]


def _most_opened(now: datetime) -> list[str]:
    clicks = ProductClick.objects.filter(timestamp__gte=now - POPULAR_FOR)
    ranked = clicks.values("product_id").annotate(times=Count("id")).order_by("-times", "product_id")
    return [row["product_id"] for row in ranked[: 5 * PICKS]]


def _varied(ranked: Iterable[Card]) -> list[str]:
    """The first public ids, at most a few of any one category: dresses alone must not fill the home page."""
    taken: Counter[str] = Counter()
    ids = []
    for product in ranked:
        taken[product.category] += 1
        if taken[product.category] <= OF_ONE_CATEGORY:
            ids.append(product.product_id)
    return ids[:PICKS]


def _newest(count: int, *, besides: Sequence[str]) -> list[str]:
    """Public ids, one of each category before a second of any."""
    pictured = Product.objects.active().filter(_has_picture(), in_stock=True)
    place = Window(RowNumber(), partition_by="category", order_by=("-created_at", "pk"))
    others = pictured.exclude(product_id__in=besides).annotate(place=place)
    return list(others.order_by("place", "-created_at", "pk").values_list("product_id", flat=True)[:count])


def _has_picture() -> Exists:
    return Exists(ProductImage.objects.filter(product=OuterRef("pk")).exclude(content_hash=""))


def _first(*, kinds: Sequence[str], colours: Sequence[str] = ()) -> Product | None:
    """A pictured product of a category that names one of ``kinds``, in one of ``colours`` if it can be."""
    named = reduce(or_, (Q(category__icontains=kind) for kind in kinds))
    fitting = Product.objects.active().filter(named, _has_picture(), in_stock=True)
    coloured = fitting.filter(colour__in=colours) if colours else fitting
    return coloured.order_by("pk").first() or fitting.order_by("pk").first()
