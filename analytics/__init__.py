"""What was searched and clicked: recording, counting, forgetting. search and config may import it."""
