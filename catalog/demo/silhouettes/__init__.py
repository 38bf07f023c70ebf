"""Cut pieces of every kind of garment the demo shop sells."""
