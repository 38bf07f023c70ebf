"""Shops read through their own APIs, one adapter each; named by the registry of sources alone."""
