"""Bags, hats, belts, watches and the like. Only demo imports it."""
