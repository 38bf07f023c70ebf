"""What shopping agents ask: the Model Context Protocol, and the Universal Commerce Protocol's catalogue."""
