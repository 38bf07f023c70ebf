"""Experiments: the shop's ranking against a variant, on the pages of a share of its shoppers."""
