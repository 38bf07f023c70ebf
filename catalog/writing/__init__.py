"""Products sent by other systems: written by the path of a sync, answered row by row, safe to send twice."""
