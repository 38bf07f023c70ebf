"""How fully products say the words of a query."""
