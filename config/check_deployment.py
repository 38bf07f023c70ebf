"""Checks of the project as a whole, run by ``make check`` as production would configure it."""

import os
import secrets
import sys
import tempfile

PRODUCTION = {
    "DEBUG": "off",
    "HTTPS": "on",
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "QUEUE_URL": "",
    # A webhook secret needs a queue.
    **dict.fromkeys(
        (f"{shop}_WEBHOOK_SECRET" for shop in ("SHOPIFY", "WOOCOMMERCE", "VENDURE", "MEDUSA")), ""
    ),
}


def main() -> int:
    """Run Django's deployment checks, look for missing migrations, and validate the OpenAPI schema."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(PRODUCTION, DATA_DIR=folder, SECRET_KEY=secrets.token_urlsafe(64))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("check", deploy=True, fail_level="WARNING")
        call_command("makemigrations", check=True, dry_run=True)
        call_command("spectacular", validate=True, fail_on_warn=True, file=os.path.join(folder, "schema.yml"))  # noqa: PTH118
    return 0


if __name__ == "__main__":
    sys.exit(main())
