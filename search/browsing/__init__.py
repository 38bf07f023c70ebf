"""Walking through the shop: its categories and brands, and what a search field offers while typing."""
