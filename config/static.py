"""Static files under hashed names, and under their plain ones where `collectstatic` has not run yet."""

from collections.abc import Iterator
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Source maps are fetched by a developer's tools alone, and take longer to compress than all the rest.
NOT_COMPRESSED = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A page must not fail, least of all an error page, because a file has no hashed copy: whitenoise's
    finders serve the plain one."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

    def create_compressor(self, **options: Any) -> Compressor:
        return Compressor(**{**options, "extensions": NOT_COMPRESSED})

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Only what pages link: the hashed copies."""
        yield from super().compress_files(paths & set(self.hashed_files.values()))
