"""Adapters that read a shop's catalogue, one module or two for each kind of shop. Only catalog imports it."""
