"""``manage.py seed_demo`` as the tests call it: for a shop of five products."""

import io

from django.core.management import call_command

SIZE = 5


def seed(*arguments, size=SIZE):
    out, err = io.StringIO(), io.StringIO()
    call_command("seed_demo", f"--size={size}", *arguments, stdout=out, stderr=err)
    return out.getvalue()
