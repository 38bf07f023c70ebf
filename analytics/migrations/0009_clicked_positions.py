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
            model_name="dailycount",
            name="measure",
            field=models.CharField(
                choices=[
                    ("type", "Type"),
                    ("cache", "Cache"),
                    ("confidence", "Confidence"),
                    ("results", "Results"),
                    ("weight", "Weight"),
                    ("stage", "Stage"),
                    ("filter", "Filter"),
                    ("person", "Person"),
                    ("query", "Query"),
                    ("query-zero", "Query Zero"),
                    ("query-low", "Query Low"),
                    ("query-clicked", "Query Clicked"),
                    ("click", "Click"),
                    ("first-click", "First Click"),
                    ("clicked-position", "Clicked Position"),
                    ("product", "Product"),
                    ("viewed-product", "Viewed Product"),
                    ("basket-product", "Basket Product"),
                    ("bought-product", "Bought Product"),
                    ("viewed-source", "Viewed Source"),
                    ("clicked-source", "Clicked Source"),
                    ("basket-source", "Basket Source"),
                    ("bought-source", "Bought Source"),
                    ("revenue-source", "Revenue Source"),
                    ("basket-position", "Basket Position"),
                    ("bought-position", "Bought Position"),
                    ("revenue-position", "Revenue Position"),
                    ("basket-query", "Basket Query"),
                    ("bought-query", "Bought Query"),
                    ("revenue-query", "Revenue Query"),
                    ("converted-query", "Converted"),
                    ("converted-type", "Converted Type"),
                ],
                max_length=16,
                verbose_name="measure",
            ),
        ),
        migrations.RunPython(take_over, forget),
    ]
