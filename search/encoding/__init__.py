"""Text and pictures to unit vectors: the encoder, its cache and the bundled model.

Every other package of search may import it; it imports none of them, only search.models and search.vectors.
"""
