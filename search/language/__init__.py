"""Understanding words: tokens, patterns, the query parser, other languages, spelling.

Everything in search may import it; it imports no Django model.
"""
