"""The shop's products and their pictures.

Everything above (analytics, search, config) may import it; it knows no people.
"""
