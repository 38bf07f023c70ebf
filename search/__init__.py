"""Everything between a query and its answer.

The order of imports inside stands in docs/architecture.md; config, demo and training may import it.
"""
