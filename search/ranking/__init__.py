"""The order of candidates: score, diversity, facets, curation, taste.

Candidates, the query builder and evaluation import it.
"""
