"""People: accounts, sign-ins and favourites.

Everything above (analytics, search, config) may import it; it knows no catalogue.
"""
