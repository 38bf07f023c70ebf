"""The vector index with everything built from the same products, and its versions on disk.

Ranking, candidates and the engine import it.
"""
