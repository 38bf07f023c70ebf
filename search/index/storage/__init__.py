"""Versions of the index in object storage: published for all hosts, fetched into each host's folder."""
