"""The dashboard's sales equal a recount of the rows themselves."""

import random
import uuid
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest

from analytics import recording
from analytics.dashboard import stats
from analytics.dashboard.tables import table
from analytics.models import Event, ProductClick, SearchLog
from tests.analytics.conftest import NOON
from tests.factories import ProductFactory

WORDS = [f"query {number}" for number in range(30)]
DAYS = 30


def test_conversion_and_revenue_follow_from_the_search(report, searched, noon, monkeypatch):
    monkeypatch.setattr("analytics.events.api.views.timezone.now", lambda: noon)
    query_id = str(searched("red dress"))
    searched("red dress", session="another")
    bought = {"type": "purchase", "product_id": "demo-1", "query_id": query_id, "position": 2}
    report(
        [
            {**bought, "value": "10.50", "currency": "EUR"},
            {**bought, "value": "3.00", "currency": "USD"},
            {"type": "basket", "product_id": "demo-1", "query_id": query_id, "position": 2},
        ]
    )

    figures = stats.dashboard(7, noon)

    assert figures["summary"]["conversion"] == 0.5
    assert figures["summary"]["revenue"] == {"EUR": "10.50", "USD": "3.00"}
    money = {"baskets": 1, "purchases": 2, "revenue": {"EUR": "10.50", "USD": "3.00"}}
    assert figures["sales"]["by_query"] == [{"text": "red dress", "searches": 2, "conversion": 0.5, **money}]
    assert figures["sales"]["by_position"][1] == {"position": 2, "clicks": 0, **money}
    assert figures["sales"]["by_source"] == [{"source": "search", "views": 0, "clicks": 0, **money}]


def test_money_stands_by_currency_in_the_csv(report, noon, monkeypatch):
    monkeypatch.setattr("analytics.events.api.views.timezone.now", lambda: noon)
    for currency in ("USD", "EUR"):
        report({"type": "purchase", "product_id": "demo-1", "value": "3.00", "currency": currency})
    content = table(stats.dashboard(7, noon), "sales-by-source").as_csv()
    assert content.splitlines()[1] == 'Elsewhere,0,0,0,2,"3.00 EUR, 3.00 USD"'


def test_a_new_event_shows_at_once(report, noon, monkeypatch):
    monkeypatch.setattr("analytics.events.api.views.timezone.now", lambda: noon)
    assert stats.dashboard(7, noon)["summary"]["views"] == 0
    report({"type": "view", "product_id": "demo-1"})
    assert stats.dashboard(7, noon)["summary"]["views"] == 1


def made_up(rng, searches):
    """An event; of a search in two of three cases."""
    when = NOON - timedelta(minutes=rng.randrange(DAYS * 1440))
    kind = rng.choices(["view", "click", "basket", "purchase"], [6, 3, 2, 1])[0]
    log = rng.choice(searches) if rng.random() < 0.66 else None
    has_money = kind == "purchase" and rng.random() < 0.95
    return Event(
        type=kind,
        product_id=f"demo-{rng.randrange(200)}",
        search_id=log.pk if log else None,
        position=rng.randrange(1, 40) if log else None,
        source="other" if log else rng.choice(["other", "mail", "for_you"]),
        value=Decimal(rng.randrange(100, 20_000)) / 100 if has_money else None,
        currency=rng.choice(["EUR", "USD", "JPY"]) if has_money else "",
        timestamp=when,
    )


def made_up_search(rng):
    words = rng.choice([*WORDS, ""])
    return SearchLog(
        query_type="text" if words else rng.choice(["image", "browse"]),
        query_text=words,
        query_key=words,
        image_url="" if words else uuid.uuid4().hex,
        session=f"{rng.randrange(100):032x}",
        timestamp=NOON - timedelta(minutes=rng.randrange(DAYS * 1440)),
        results_count=rng.randrange(0, 60),
        took_ms=5.0,
    )


def money(events, key):
    """{key: {currency: amount}} added up from the rows."""
    total = defaultdict(Counter)
    for event in events:
        if event.value and key(event) not in (None, ""):
            total[key(event)][event.currency] += event.value
    return {name: {c: f"{v:.2f}" for c, v in sorted(each.items())} for name, each in total.items()}


@pytest.mark.slow
def test_the_figures_equal_a_recount_of_a_hundred_thousand_events(db, noon):
    rng = random.Random(11)
    searches = sorted((made_up_search(rng) for _ in range(20_000)), key=lambda log: log.timestamp)
    for start in range(0, len(searches), 500):
        recording.write(searches[start : start + 500])
    events = [made_up(rng, searches) for _ in range(100_000)]
    for start in range(0, len(events), 500):
        batch = events[start : start + 500]
        clicks = [
            ProductClick(
                search_id=event.search_id,
                product_id=event.product_id,
                position=event.position,
                timestamp=event.timestamp,
            )
            for event in batch
            if event.type == "click" and event.search_id
        ]
        recording.write([*clicks, *batch])

    figures = stats.dashboard(DAYS + 1, noon)

    rows, logs = list(Event.objects.all()), list(SearchLog.objects.all())
    visits = {log.visit for log in logs}
    words = {log.pk: log.query_key for log in logs}
    bought = [event for event in rows if event.type == "purchase"]
    summary = figures["summary"]
    assert len(rows) == 100_000
    assert summary["searches"] == len(visits) < len(logs)
    kinds = Counter(event.type for event in rows)
    assert [summary[name] for name in ("views", "baskets", "purchases")] == [
        kinds["view"],
        kinds["basket"],
        kinds["purchase"],
    ]
    converted = {event.search_id for event in bought if event.search_id}
    assert summary["converted"] == len(converted)
    assert summary["revenue"] == money(bought, lambda event: "all")["all"]

    for row in figures["sales"]["by_source"]:
        mine = [event for event in rows if event.source == row["source"]]
        counted = Counter(event.type for event in mine)
        assert [row[n] for n in ("views", "clicks", "baskets", "purchases")] == [
            counted[n] for n in ("view", "click", "basket", "purchase")
        ]
        assert row["revenue"] == money(mine, lambda event: event.source).get(row["source"], {})
    assert sum(row["views"] for row in figures["sales"]["by_source"]) == kinds["view"]

    by_position = money(bought, lambda event: event.position)
    for row in figures["sales"]["by_position"]:
        at = [event for event in rows if event.position == row["position"]]
        assert row["purchases"] == sum(event.type == "purchase" for event in at)
        assert row["baskets"] == sum(event.type == "basket" for event in at)
        assert row["revenue"] == by_position.get(row["position"], {})
        assert row["clicks"] == ProductClick.objects.filter(position=row["position"]).count()

    by_query = money(bought, lambda event: event.query_key)
    sold = Counter(event.query_key for event in bought if event.query_key)
    asked = Counter(words[visit] for visit in visits)
    expected = sorted(sold.items(), key=lambda item: (-item[1], item[0]))[: stats.LISTED]
    assert [(row["text"], row["purchases"]) for row in figures["sales"]["by_query"]] == expected
    for row in figures["sales"]["by_query"]:
        assert row["revenue"] == by_query[row["text"]]
        assert row["searches"] == asked[row["text"]]
        share = sum(words[visit] == row["text"] for visit in converted) / asked[row["text"]]
        assert row["conversion"] == round(share, 4)


def test_a_purchase_of_a_product_without_a_price_is_in_the_shops_currency(report, settings):
    """With it in a list, the others are kept as well."""
    ProductFactory(product_id="demo-3", price=None, currency="")
    bought = {"type": "purchase", "value": "79.90"}
    priced, unpriced = {**bought, "product_id": "demo-1"}, {**bought, "product_id": "demo-3"}
    assert report([{**priced, "event_id": "a"}, {**unpriced, "event_id": "b"}]).json()["kept"] == 2
    assert Event.objects.get(product_id="demo-3").currency == settings.DEFAULT_CURRENCY
