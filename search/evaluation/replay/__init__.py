"""Replay: the queries of the last days asked again on a variant of the ranking, to see what would change."""
