"""What is logged of searches and clicks, and for how long."""

from __future__ import annotations

from config.environment import read_int

# A thread writes searches and clicks; tests write in the calling thread, at a known time.
LOG_IN_BACKGROUND = True
# Days after which a logged search, its clicks, its words and its user are deleted.
SEARCH_LOG_DAYS = read_int("SEARCH_LOG_DAYS", default=90, low=1, high=3650)
