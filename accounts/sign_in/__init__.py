"""Credentials, tokens and the authentication of a request. The pages and the API of accounts import it."""
