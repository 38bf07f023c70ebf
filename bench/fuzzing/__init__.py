"""The API under schemathesis: requests made from its own document (``python -m bench.fuzzing``)."""
