"""Running the search: reindex runs, readiness, warm-up, expiry.

Commands, tasks, the admin and config import it.
"""
