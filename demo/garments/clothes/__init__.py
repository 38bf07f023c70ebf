"""Dresses, tops, trousers and what they share. Only demo imports it."""
