"""Captions of the training pictures, and which caption is true of which picture. Only training imports it."""
