"""Which engine builds, by the settings, and which one holds what was built, by its manifest."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from search.index.engines.local import LocalEngine
from search.index.engines.milvus.engine import KIND, MilvusEngine
from search.index.engines.protocol import VectorEngine
from search.index.manifest import Manifest

LOCAL, MILVUS = "local", "milvus"
ENGINES: Mapping[str, VectorEngine] = {LOCAL: LocalEngine(), MILVUS: MilvusEngine()}


def configured() -> VectorEngine:
    """The engine of the next base."""
    return ENGINES[settings.SEARCH_ENGINE]


def engine_name(manifest: Manifest) -> str:
    """The engine that holds the base of a version, whatever the settings say now."""
    return MILVUS if manifest.kind == KIND else LOCAL


def holding(manifest: Manifest) -> VectorEngine:
    return ENGINES[engine_name(manifest)]
