"""Checks of the project as a whole, run by ``make check`` as production would configure it."""

import os
import secrets
import sys
import tempfile
from pathlib import Path

# What the clients are generated from; `make clients-document` writes it anew.
DOCUMENT = Path(__file__).resolve().parents[1] / "clients" / "openapi.json"

PRODUCTION = {
    "DEBUG": "off",
    "HTTPS": "on",
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "QUEUE_URL": "",
    # The document of the clients names no shop.
    "SITE_URL": "",
    # A webhook secret needs a queue.
    **dict.fromkeys(
        (f"{shop}_WEBHOOK_SECRET" for shop in ("SHOPIFY", "WOOCOMMERCE", "VENDURE", "MEDUSA", "SALEOR")), ""
    ),
}


def main(arguments: list[str]) -> int:
    """Run Django's deployment checks, look for missing migrations, and validate the OpenAPI document.

    With ``--write-document``, only write the document that the clients are generated from.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(PRODUCTION, DATA_DIR=folder, SECRET_KEY=secrets.token_urlsafe(64))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        import django
        from django.core.management import call_command

        django.setup()
        if arguments == ["--write-document"]:
            write_document(DOCUMENT)
            return 0
        call_command("check", deploy=True, fail_level="WARNING")
        call_command("makemigrations", check=True, dry_run=True)
        current = Path(folder, "openapi.json")
        write_document(current)
        if current.read_text() != DOCUMENT.read_text():
            print("clients/openapi.json is not the document of this API: run `make clients-document`.")  # noqa: T201
            return 1
    return 0


def write_document(path: Path) -> None:
    """Write the OpenAPI document as JSON; fails where it is not valid or drf-spectacular warns."""
    from django.core.management import call_command

    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", file=os.fspath(path))
    # The command ends without a line break.
    path.write_text(path.read_text().rstrip() + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
