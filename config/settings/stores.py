"""The database and the caches."""

from __future__ import annotations

from config.caching.aliases import cache_alias, counter_alias
from config.environment import read_database
from config.settings.queue import REDIS_URL
from config.settings.site import DATA_DIR

# PostgreSQL in production, SQLite as the embedded default.
DATABASES = {"default": read_database(DATA_DIR)}

# Redis, or local memory.
CACHES = {
    "default": cache_alias("tandem", redis_url=REDIS_URL, timeout=300),
    # Vectors of queries (a few KB each), read through search/encoding/cache.py.
    "search": cache_alias("tandem-search", redis_url=REDIS_URL, timeout=3600),
    # Frozen result sets of some 50 KB each, and for each a pointer and a prepared query of a few KB.
    "answers": cache_alias("tandem-answers", redis_url=REDIS_URL, timeout=600, entries=900),
    "ratelimit": counter_alias("tandem-limits", redis_url=REDIS_URL, timeout=120),
}
