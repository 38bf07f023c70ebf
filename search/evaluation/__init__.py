"""Offline measurement of retrieval quality. Only commands, benchmarks, demo and training import it."""
