"""The garments that the demo shop sells, as drawings. Only demo imports it."""
