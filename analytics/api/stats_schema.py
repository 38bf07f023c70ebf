"""The form of ``analytics.dashboard.stats.dashboard`` for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

Figures = dict[str, Any]
Form = serializers.Serializer[Figures]


def _rate(**options: Any) -> serializers.FloatField:
    return serializers.FloatField(
        allow_null=True,
        help_text="From 0 to 1; null where nothing was counted. The share of searches that led to a click or "
        "a purchase counts both on the day of the search, so that of the last days may still grow.",
        **options,
    )


def _counts() -> serializers.DictField:
    return serializers.DictField(child=serializers.IntegerField())


def _money() -> serializers.DictField:
    return serializers.DictField(child=serializers.CharField(), help_text="By currency, never mixed.")


class StatsSummarySerializer(Form):
    searches = serializers.IntegerField()
    zero_results = serializers.IntegerField()
    zero_result_rate = _rate()
    low_confidence = serializers.IntegerField()
    low_confidence_rate = _rate()
    clicks = serializers.IntegerField()
    click_through = _rate()
    mean_reciprocal_rank = _rate()
    p95_ms = serializers.FloatField(allow_null=True)
    views = serializers.IntegerField()
    baskets = serializers.IntegerField()
    purchases = serializers.IntegerField(help_text="Lines of orders.")
    converted = serializers.IntegerField(help_text="Searches that led to a purchase.")
    conversion = _rate()
    revenue = _money()
    people = serializers.IntegerField(required=False, help_text="Signed-in people; only in summary.")


class StatsDaySerializer(Form):
    day = serializers.DateField()
    text = serializers.IntegerField()
    image = serializers.IntegerField()
    hybrid = serializers.IntegerField()
    browse = serializers.IntegerField()
    total = serializers.IntegerField()
    people = serializers.IntegerField()


class StatsSearchesSerializer(Form):
    by_day = StatsDaySerializer(many=True)
    by_type = _counts()


class StatsPercentilesSerializer(Form):
    p50 = serializers.FloatField()
    p95 = serializers.FloatField()
    p99 = serializers.FloatField()


class StatsCacheSerializer(Form):
    hits = serializers.IntegerField()
    misses = serializers.IntegerField()
    hit_rate = _rate()


class StatsQuerySerializer(Form):
    text = serializers.CharField()
    searches = serializers.IntegerField()
    zero_results = serializers.IntegerField()
    low_confidence = serializers.IntegerField()
    click_through = _rate()


class StatsQueriesSerializer(Form):
    top = StatsQuerySerializer(many=True)
    zero_results = StatsQuerySerializer(many=True)
    low_confidence = StatsQuerySerializer(many=True)


class StatsPositionSerializer(Form):
    position = serializers.IntegerField()
    clicks = serializers.IntegerField()
    shown = serializers.IntegerField()
    click_through = _rate()


class StatsClickedProductSerializer(Form):
    product_id = serializers.CharField()
    title = serializers.CharField(help_text="Empty once the catalogue has lost the product.")
    clicks = serializers.IntegerField()


class StatsClicksSerializer(Form):
    by_position = StatsPositionSerializer(many=True)
    products = StatsClickedProductSerializer(many=True)


class StatsWeightSerializer(Form):
    weight = serializers.FloatField()
    searches = serializers.IntegerField()


class StatsFilterSerializer(Form):
    filter = serializers.CharField()
    searches = serializers.IntegerField()


class StatsFavoriteProductSerializer(Form):
    product_id = serializers.CharField()
    title = serializers.CharField()
    people = serializers.IntegerField()


class StatsFavoritesSerializer(Form):
    total = serializers.IntegerField()
    added = serializers.IntegerField()
    people = serializers.IntegerField()
    products = StatsFavoriteProductSerializer(many=True)


class StatsSyncSerializer(Form):
    state = serializers.CharField()
    at = serializers.DateTimeField()
    age_h = serializers.FloatField()
    # Numbers of products and pictures, and the seconds that it took.
    counts = serializers.DictField(child=serializers.FloatField())
    message = serializers.CharField()


class StatsSourceSerializer(Form):
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    products = serializers.IntegerField()
    inactive = serializers.IntegerField()
    last_sync = StatsSyncSerializer(allow_null=True)


class _Sold(Form):
    baskets = serializers.IntegerField()
    purchases = serializers.IntegerField(help_text="Lines of orders.")
    revenue = _money()


class StatsSourceSalesSerializer(_Sold):
    source = serializers.CharField(help_text="Where the product was shown.")  # type: ignore[assignment]  # a field
    views = serializers.IntegerField()
    clicks = serializers.IntegerField()


class StatsPositionSalesSerializer(_Sold):
    position = serializers.IntegerField()
    clicks = serializers.IntegerField()


class StatsQuerySalesSerializer(_Sold):
    text = serializers.CharField()
    searches = serializers.IntegerField()
    conversion = _rate()


class StatsSalesSerializer(Form):
    by_source = StatsSourceSalesSerializer(many=True)
    by_position = StatsPositionSalesSerializer(many=True)
    by_query = StatsQuerySalesSerializer(many=True)


class StatsCatalogueSerializer(Form):
    products = serializers.IntegerField()
    without_picture = serializers.IntegerField()
    out_of_stock = serializers.IntegerField()
    inactive = serializers.IntegerField()
    sources = StatsSourceSerializer(many=True)


class StatsIndexRunSerializer(Form):
    state = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    at = serializers.DateTimeField()
    message = serializers.CharField()


class StatsIndexSerializer(Form):
    version = serializers.CharField(allow_null=True)
    products = serializers.IntegerField(required=False)
    kind = serializers.CharField(required=False)
    recall_at_10 = serializers.FloatField(required=False)
    search_ms = serializers.FloatField(required=False)
    built_at = serializers.DateTimeField(required=False)
    age_h = serializers.FloatField(required=False)
    model = serializers.CharField(required=False)
    fingerprint = serializers.CharField(required=False)
    problem = serializers.CharField(allow_null=True)
    last_run = StatsIndexRunSerializer(allow_null=True)


class StatsSerializer(Form):
    generated_at = serializers.DateTimeField()
    to = serializers.DateField()
    days = serializers.IntegerField()
    summary = StatsSummarySerializer()
    before = StatsSummarySerializer(help_text="The equally long period that ended the day before.")
    searches = StatsSearchesSerializer()
    latency_ms = serializers.DictField(child=StatsPercentilesSerializer(), help_text="By stage.")
    cache = StatsCacheSerializer()
    queries = StatsQueriesSerializer()
    clicks = StatsClicksSerializer()
    fusion_weights = StatsWeightSerializer(many=True)
    filters = StatsFilterSerializer(many=True)
    sales = StatsSalesSerializer()
    favorites = StatsFavoritesSerializer()
    catalogue = StatsCatalogueSerializer()
    index = StatsIndexSerializer()

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python.
        return {"from": serializers.DateField(), **super().get_fields()}
