"""Vectors of bases in collections of a Milvus server (docs/adr/0016-search-engines.md)."""
