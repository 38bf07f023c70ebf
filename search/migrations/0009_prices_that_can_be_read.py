"""A price of an alert that was rounded up beyond its column: SQLite kept it, and no query could read it."""

from decimal import Decimal

from django.db import migrations

LARGEST = Decimal("9999999999.99")


def lower(apps, schema_editor):
    alerts = apps.get_model("search", "Alert").objects.using(schema_editor.connection.alias)
    alerts.filter(price__gt=LARGEST).update(price=LARGEST)


class Migration(migrations.Migration):
    dependencies = [("search", "0008_names_in_every_language")]
    operations = [migrations.RunPython(lower, migrations.RunPython.noop)]
