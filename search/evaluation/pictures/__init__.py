"""The encoder measured on the pictures of any shop, without an index of them."""
