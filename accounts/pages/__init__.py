"""The HTML pages about people. Only the URL configuration imports it."""
