"""From a vector query to its frozen result set.

The flow (search.retrieval) and the query builder import it.
"""
