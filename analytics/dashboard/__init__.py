"""The dashboard's figures, tables and pages; analytics' API and the URL configuration import it."""
