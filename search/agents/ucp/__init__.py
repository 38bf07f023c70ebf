"""The catalogue of the Universal Commerce Protocol (ucp.dev): profile, search, lookup and product detail."""
