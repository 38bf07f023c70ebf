"""How well "for you" foresees what a visitor opens next, and what it costs a search."""
