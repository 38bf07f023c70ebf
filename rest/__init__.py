"""What endpoints and admin pages of all packages share; it knows none of them."""
