"""The garments that the demo shop sells, as shapes to draw. Only demo imports it."""
