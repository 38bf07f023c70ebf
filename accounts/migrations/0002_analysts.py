"""The group "Analysts": may see the dashboard, and nothing of the admin."""

from django.db import migrations


def make_group(apps, schema_editor):
    # Django makes permissions only after all migrations; the one needed here is made now, and
    # Django finds it then by the same content type and codename.
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="analytics", model="searchlog"
    )
    permission, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename="view_dashboard",
        defaults={"name": "Can see the analytics dashboard"},
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="Analysts")
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
