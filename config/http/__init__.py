"""Middleware, request limits and error responses of the whole site. Only config imports it."""
