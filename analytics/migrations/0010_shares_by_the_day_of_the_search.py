from collections import Counter
from datetime import UTC

from django.db import migrations
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce


def to_the_day_of_the_search(apps, schema_editor):
    """Searches that led to a click or a purchase were counted on the day of that until now."""
    _move(apps, 1)
    _forget_lost(apps)
    # Purchases that followed from similar products, which are no search.
    apps.get_model("analytics", "DailyCount").objects.filter(measure="converted-type", key="similar").delete()


def to_their_own_day(apps, schema_editor):
    _move(apps, -1)


def _move(apps, sign):
    DailyCount = apps.get_model("analytics", "DailyCount")
    moved = Counter()
    for own, asked, counted in [*_clicks(apps), *_purchases(apps)]:
        for measure, key in counted:
            moved[own, measure, key] -= sign
            moved[asked, measure, key] += sign
    for (day, measure, key), count in moved.items():
        row, _created = DailyCount.objects.get_or_create(day=day, measure=measure, key=key, defaults={"count": 0})
        DailyCount.objects.filter(pk=row.pk).update(count=F("count") + count)
    DailyCount.objects.filter(measure__in={measure for _day, measure, _key in moved}, count__lte=0).delete()


def _clicks(apps):
    """(day, day of the search, what is counted) of the first click of each visit that is kept."""
    visit = Coalesce("search__visit", "search_id")
    clicks = apps.get_model("analytics", "ProductClick").objects.exclude(search__query_type="similar")
    rows = clicks.annotate(first=visit).annotate(asked=_first(apps, "first", "timestamp")).order_by("pk")
    seen = set()
    for first, asked, when, position, words in rows.values_list(
        "first", "asked", "timestamp", "position", "search__query_key"
    ).iterator():
        if first not in seen and asked and _day(asked) != _day(when):
            named = [("query-clicked", words)] if words else []
            yield _day(when), _day(asked), [("first-click", str(min(position, 100))), *named]
        seen.add(first)


def _purchases(apps):
    """The same of the first purchase of each search."""
    for when, asked, kind, words in _first_purchases(apps):
        if asked and kind != "similar" and _day(asked) != _day(when):
            named = [("converted-query", words)] if words else []
            yield _day(when), _day(asked), [("converted-type", kind), *named]


def _forget_lost(apps):
    """What was counted under the words of a search that is no longer kept: it has no day to be counted on, nor
    would it be found when its person is forgotten."""
    counts = apps.get_model("analytics", "DailyCount").objects.filter(measure="converted-query")
    for when, asked, _kind, words in _first_purchases(apps):
        if not asked and words:
            counts.filter(day=_day(when), key=words).update(count=F("count") - 1)
    counts.filter(count__lte=0).delete()


def _first_purchases(apps):
    """(time, time of the search, its type, its words) of the first purchase of each search; None where it is lost."""
    purchases = apps.get_model("analytics", "Event").objects.filter(type="purchase").exclude(search_id=None)
    rows = purchases.annotate(
        asked=_first(apps, "search_id", "timestamp"), kind=_first(apps, "search_id", "query_type")
    )
    seen = set()
    for search, *row in rows.order_by("pk").values_list(
        "search_id", "timestamp", "asked", "kind", "query_key"
    ).iterator():
        if search not in seen:
            yield row
        seen.add(search)


def _first(apps, reference, field):
    searches = apps.get_model("analytics", "SearchLog").objects.filter(pk=OuterRef(reference))
    return Subquery(searches.values(field)[:1])


def _day(moment):
    return moment.astimezone(UTC).date()


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0009_clicked_positions"),
    ]

    operations = [
        migrations.RunPython(to_the_day_of_the_search, to_their_own_day),
    ]
