"""Looks for the static files once per process, instead of once for each client of a test."""

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

# What the answers for the files are made of, beside the settings of Django.
OPTIONS = (
    "static_root",
    "static_prefix",
    "max_age",
    "allow_all_origins",
    "charset",
    "add_headers_function",
    "index_file",
)


def find_once(patch) -> None:
    """Each ``Client`` makes its middleware anew; finding and opening 250 files then costs more than a page.

    What is found is kept for middleware of the same settings.
    """
    find = WhiteNoiseMiddleware.add_files_from_finders
    kept: dict[str, dict] = {}

    def found(middleware) -> None:
        own = [getattr(middleware, name) for name in OPTIONS]
        named = (settings.STORAGES["staticfiles"], settings.STATICFILES_DIRS, settings.STATICFILES_FINDERS)
        key = repr((own, named))
        if key not in kept:
            before = middleware.files
            middleware.files = {}
            find(middleware)
            kept[key] = middleware.files
            middleware.files = before
        # As the finders do, which come after STATIC_ROOT.
        middleware.files |= kept[key]

    patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", found)
