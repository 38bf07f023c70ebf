"""The products that the home page, and pages without results, show as popular."""

from django.utils import timezone

from analytics.models import ProductClick, SearchLog
from search.pages import picks


def opened(product, times):
    now = timezone.now()
    for _time in range(times):
        log = SearchLog.objects.create(query_type="text", timestamp=now, results_count=1, took_ms=1.0)
        ProductClick.objects.create(search=log, product_id=product.product_id, position=1, timestamp=now)


def test_what_was_opened_most_leads_where_it_can_be_bought(client, shop):
    sold_out = next(product for product in shop if not product.in_stock)
    other = next(product for product in shop if product.in_stock and product.category != sold_out.category)
    opened(sold_out, 3)
    opened(other, 2)
    shown = [card.product_id for card in picks.popular(now=timezone.now())]
    assert shown[0] == other.product_id
    assert sold_out.product_id not in shown
