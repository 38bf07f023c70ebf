#!/usr/bin/env python
"""The operator's commands: ``sync``, ``reindex``, ``evaluate``, ``doctor`` and Django's own."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import Error

    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    except (ImproperlyConfigured, Error) as error:
        if "--traceback" in sys.argv:
            raise
        if isinstance(error, ImproperlyConfigured):
            sys.exit(" ".join(str(error).split()))
        from catalog.syncing.failures import database_problem

        sys.exit(f"{database_problem(error)} With --traceback, the command shows what the database said.")


if __name__ == "__main__":
    main()
