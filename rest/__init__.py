"""What the endpoints of all packages share; it knows none of them."""
