"""The HTML pages of accounts; the URL configuration and accounts' API import it."""
