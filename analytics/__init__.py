"""Recording, counting and forgetting searches and clicks; search, demo, bench and config may import it."""
