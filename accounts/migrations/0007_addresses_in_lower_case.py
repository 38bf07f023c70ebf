"""Addresses that the admin saved with capitals, by which nobody could sign in."""

from django.db import migrations
from django.db.models.functions import Lower


def lower(apps, schema_editor):
    users = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    users.update(email=Lower("email"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_names_in_every_language")]
    operations = [migrations.RunPython(lower, migrations.RunPython.noop)]
