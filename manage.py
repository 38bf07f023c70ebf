#!/usr/bin/env python
"""The operator's commands: ``sync``, ``reindex``, ``evaluate``, ``doctor`` and Django's own."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, DatabaseError) as error:
        if "--traceback" in sys.argv:
            raise
        reason = " ".join(str(error).split())
        if isinstance(error, DatabaseError):
            reason = f"The database failed ({reason[:200]}). Is it up, and did `manage.py migrate` run?"
        sys.exit(reason)


if __name__ == "__main__":
    main()
