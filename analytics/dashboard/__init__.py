"""The dashboard's figures, tables and pages. The API of analytics and the URL configuration import it."""
