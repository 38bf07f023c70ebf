"""Faults and attacks against a server, as a table: ``python -m bench.campaign``."""
