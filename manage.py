#!/usr/bin/env python
"""The operator's commands: ``sync``, ``reindex``, ``evaluate``, ``doctor`` and Django's own."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
