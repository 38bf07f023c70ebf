"""The training pictures: two collections, drawn garments, random views of them. Only training imports it."""
