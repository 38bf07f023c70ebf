"""Vectors of bases in collections of a Milvus server (docs/adr/0013-search-engines.md)."""
