"""What lists of products show of each."""
