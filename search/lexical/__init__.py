"""BM25 over the words of products, and completions from them; index, ranking and suggestions import it."""
