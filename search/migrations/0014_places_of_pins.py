"""Pins stood in front of the answer in their order: what led it keeps its place now that a place is absolute."""

from itertools import groupby

from django.db import migrations
from django.utils import timezone

LAST_PLACE = 1000


def number(apps, schema_editor):
    placements = apps.get_model('search', 'CuratedPlacement').objects
    now = timezone.now()
    pins = list(placements.filter(kind='pin').exclude(ends_at__lte=now).order_by('key', 'position', 'pk'))
    # Of what is buried or has ended no place is shown, but it has one that is possible.
    placements.filter(position=0).update(position=1)
    placements.filter(position__gt=LAST_PLACE).update(position=LAST_PLACE)
    for _key, rows in groupby(pins, key=lambda row: row.key):
        led = 0
        for place, row in enumerate(rows, start=1):
            # What is still to begin has left no gap so far.
            if row.starts_at is None or row.starts_at <= now:
                led += 1
                place = led
            placements.filter(pk=row.pk).update(position=min(place, LAST_PLACE))


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0013_runs_of_each_model'),
    ]

    operations = [
        # Back again the order is the same.
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
