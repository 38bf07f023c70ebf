"""Embedding by several processes: the run that publishes and Celery workers take batches from one table."""
