"""Credentials, tokens and the signed-in user of a request; pages, APIs and settings import it."""
