"""Alerts by mail: a product is back or costs less, a saved search has new finds."""
