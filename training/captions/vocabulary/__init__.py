"""What many shops call kinds, details, colours, patterns and occasions. Only training imports it."""
