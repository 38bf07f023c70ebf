"""A version of the index as a base and the small deltas that were published after it."""
