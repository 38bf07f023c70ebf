"""Vectors of bases in collections of a Milvus server (docs/adr/0015-search-engines.md)."""
