"""A Saleor 3.20+ shop as source, through its GraphQL API (docs/shops.md)."""
