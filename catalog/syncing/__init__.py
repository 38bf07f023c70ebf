"""Bringing the products in line with their source. The commands, tasks and admin of catalog import it."""
