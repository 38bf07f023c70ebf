import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def name_experiments(apps, schema_editor):
    """Of events that a team was credited with, the experiment that drew an answer of their visit first."""
    Event, SearchLog = apps.get_model("analytics", "Event"), apps.get_model("analytics", "SearchLog")
    visit = SearchLog.objects.filter(visit=OuterRef("search_id"), experiment__isnull=False)
    drawn = visit.order_by("timestamp").values("experiment_id")[:1]
    Event.objects.exclude(team="").update(experiment_id=Subquery(drawn))


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0005_experiments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="experiment",
            name="started_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="experiment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="analytics.experiment",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=Q(experiment__isnull=False), fields=["experiment"], name="shop_events_experiment"
            ),
        ),
        # Last: PostgreSQL refuses to change a table that has foreign keys still to be checked.
        migrations.RunPython(name_experiments, migrations.RunPython.noop),
    ]
