"""The REST endpoints of accounts; only the URL configuration imports it."""
