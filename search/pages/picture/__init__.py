"""The query picture on a results page: its pieces, and wishes beside it."""
