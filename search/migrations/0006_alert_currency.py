from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def state_currencies(apps, schema_editor):
    """What was asked for so far was meant in the currency that the shop has now."""
    Alert, Product = apps.get_model("search", "Alert"), apps.get_model("catalog", "Product")
    own = Product.objects.filter(pk=OuterRef("product_id")).values("currency")
    Alert.objects.filter(kind="price_below").update(currency=Coalesce(Subquery(own), F("currency")))
    priced = Product.objects.filter(is_active=True).exclude(currency="").order_by("pk")
    shop = priced.values_list("currency", flat=True).first() or ""
    limited = Q(query__has_key="price_min") | Q(query__has_key="price_max")
    Alert.objects.filter(limited, kind="new_finds").update(currency=shop)


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0004_bulk_calls"),
        ("search", "0005_looks_and_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="currency",
            field=models.CharField(blank=True, default="", max_length=3, verbose_name="currency"),
        ),
        migrations.RunPython(state_currencies, migrations.RunPython.noop),
    ]
