"""Feeds in files and behind addresses: CSV, TSV, JSON and XML; read by the registry of sources alone."""
