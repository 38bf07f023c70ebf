"""Static files under hashed names, and under their plain ones where `collectstatic` has not run yet."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A page must not fail, least of all an error page, because a file has no hashed copy: whitenoise's
    finders serve the plain one."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
