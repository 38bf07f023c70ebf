"""``manage.py remove_other_models``: after a change of the encoder, delete what the one before left."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone


class Command(BaseCommand):
    help = "Delete what other models than the configured one left, but for what a process still serves."

    def handle(self, **options: Any) -> None:
        # Imported here: the search's libraries take half a second, which --help should not wait for.
        from search import engine
        from search.index.storage.removal import remove_others

        try:
            # Before anything else goes, the configured model must have an index of its own.
            engine.index()
            for sentence in remove_others(engine.store(), timezone.now()):
                self.stdout.write(sentence)
        except engine.NotReady as missing:
            raise CommandError(f"{missing.reason} Run `{missing.command}` first.") from missing
        except OSError as error:
            raise CommandError(str(error)) from error
