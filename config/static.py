"""Static files under hashed names, or under their plain names where `collectstatic` has not run yet."""

from collections.abc import Iterator
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Only developer tools fetch source maps, and they take longer to compress than all other files together.
NOT_COMPRESSED = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Links the plain file where there is no hashed copy; whitenoise's finders serve it.

    A page, above all an error page, must not fail because of a missing copy.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(**{**options, "extensions": NOT_COMPRESSED})

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Compress only the hashed copies, which are what pages link."""
        yield from super().compress_files(paths & set(self.hashed_files.values()))
