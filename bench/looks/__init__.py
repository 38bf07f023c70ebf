"""Contact sheets of looks, for an eye to judge slot by slot (``python -m bench.looks``)."""
