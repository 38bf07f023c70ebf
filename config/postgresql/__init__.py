"""Django's PostgreSQL backend with bounded waits: a server that hangs holds no request."""
