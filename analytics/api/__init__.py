"""The REST endpoints of analytics. Only the URL configuration imports it."""
