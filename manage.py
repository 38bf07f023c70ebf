#!/usr/bin/env python
"""The operator's commands: ``sync``, ``reindex``, ``evaluate``, ``doctor`` and Django's own."""

import os
import sys

IS_IT_UP = "Is it up, and did `manage.py migrate` run?"
# What SQLite says where it cannot write its file.
OF_THE_DISK = ("disk I/O error", "disk is full", "unable to open database file", "readonly database")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    except (ImproperlyConfigured, DatabaseError) as error:
        if "--traceback" in sys.argv:
            raise
        reason = " ".join(str(error).split())
        if isinstance(error, DatabaseError):
            is_of_disk = any(said in reason for said in OF_THE_DISK)
            advice = "Is the disk full, or read-only?" if is_of_disk else IS_IT_UP
            reason = f"The database failed ({reason[:200]}). {advice}"
        sys.exit(reason)


if __name__ == "__main__":
    main()
