"""The two towers as they are trained, and their export as a stock checkpoint. Only training imports it."""
