"""The vector index with everything built from the same products, and its versions on disk.

The engine and every package above it may import it; it imports encoding, language and lexical.
"""
