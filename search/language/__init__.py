"""Query understanding: tokens, the parser, other languages, spelling. Everything in search may import it.

It imports no Django model.
"""
