"""The HTML pages of search. Only the URL configuration and the template tags import it."""
