"""What shoppers do with products: view, click, put into a basket, buy; and what is learned from it."""
