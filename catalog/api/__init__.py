"""The REST endpoints about products. Only the URL configuration and the search API import it."""
