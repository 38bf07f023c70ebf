"""Shoes of every kind. Only demo imports it."""
