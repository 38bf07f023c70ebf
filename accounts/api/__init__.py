"""The REST endpoints about people. Only the URL configuration imports it."""
