"""Measuring the quality of retrieval. Only commands, benchmarks, demo and training import it."""
