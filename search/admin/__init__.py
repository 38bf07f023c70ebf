"""The search's admin pages: curation, alerts, index runs, stored vectors, and re-embedding of products."""

# Django imports this package alone; each module registers its pages.
from search.admin import alerts, curated, stored

__all__ = ["alerts", "curated", "stored"]
