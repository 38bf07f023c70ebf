"""Query understanding: tokens, the query parser, German, spelling. Everything in search may import it.

It imports no Django model.
"""
