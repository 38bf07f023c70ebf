"""The REST endpoints of analytics; only the URL configuration imports it."""
