"""Inverted lists: how many of them to probe."""
