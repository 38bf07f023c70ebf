"""Where the vectors of a base lie and what compares a query with them: this process, or a Milvus server."""
