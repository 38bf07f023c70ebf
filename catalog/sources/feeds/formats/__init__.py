"""The formats of feeds: what a file is packed in, how its text is encoded, and how rows stand in it."""
