"""Answers as clients see them: kept by ``query_id``, and cut into pages."""
