"""The endpoints that take events; only the URL configuration imports it."""
