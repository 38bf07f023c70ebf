"""Running the search: reindex runs, readiness, warm-up, expiry.

Only commands, tasks, the admin and config import it.
"""
