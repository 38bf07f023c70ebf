"""The REST endpoints of search. Only the URL configuration imports it."""
