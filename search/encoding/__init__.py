"""Words and pictures to unit vectors: the encoder, its cache and the bundled model.

Every package of search above it may import it.
"""
