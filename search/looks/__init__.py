"""Complete the look: what goes with one product, one piece for each slot of an outfit."""
