"""``python -m bench.growth STEP [COUNT]``: one step, whose rows are the last line of its output."""

from __future__ import annotations

import json
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from bench.growth.steps import STEPS

    sys.stdout.write(json.dumps(STEPS[sys.argv[1]](*map(int, sys.argv[2:]))) + "\n")
