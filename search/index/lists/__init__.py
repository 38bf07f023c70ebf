"""Inverted lists: how many of them to probe, and what the codes in them say about the vectors."""
