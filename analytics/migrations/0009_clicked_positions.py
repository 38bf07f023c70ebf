from django.db import migrations, models


def take_over(apps, schema_editor):
    """What was clicked before is counted as it was: every click at a position."""
    DailyCount = apps.get_model("analytics", "DailyCount")
    before = DailyCount.objects.filter(measure="click").values_list("day", "key", "count")
    DailyCount.objects.bulk_create(
        (
            DailyCount(day=day, measure="clicked-position", key=key, count=count)
            for day, key, count in before.iterator()
        ),
        batch_size=200,
    )


def forget(apps, schema_editor):
    apps.get_model("analytics", "DailyCount").objects.filter(measure="clicked-position").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0008_names_of_events"),
    ]

    operations = [
        migrations.AlterField(
            model_name='dailycount',
            name='measure',
            field=models.CharField(choices=[('type', 'kind of search'), ('cache', 'from the cache or not'), ('confidence', 'how sure the answer is'), ('results', 'number of results'), ('weight', 'fusion weight'), ('stage', 'time by stage'), ('filter', 'filter'), ('person', 'person'), ('query', 'query'), ('query-zero', 'query that found nothing'), ('query-low', 'query that barely found anything'), ('query-clicked', 'query that was clicked'), ('click', 'clicks by position'), ('first-click', 'first clicks by position'), ('clicked-position', 'searches clicked at a position'), ('product', 'clicked product'), ('viewed-product', 'viewed product'), ('basket-product', 'product put into a basket'), ('bought-product', 'bought product'), ('viewed-source', 'views by source'), ('clicked-source', 'clicks by source'), ('basket-source', 'baskets by source'), ('bought-source', 'purchases by source'), ('revenue-source', 'revenue by source'), ('basket-position', 'baskets by position'), ('bought-position', 'purchases by position'), ('revenue-position', 'revenue by position'), ('basket-query', 'baskets by query'), ('bought-query', 'purchases by query'), ('revenue-query', 'revenue by query'), ('converted-query', 'query that led to a purchase'), ('converted-type', 'kind of search that led to a purchase')], max_length=16, verbose_name='measure'),
        ),
        migrations.RunPython(take_over, forget),
    ]
