"""The files of the lexical part of a segment; old versions stay readable, so the names are fixed."""

FOLDER = "lexical"
REFERENCES = "references.npy"
WORD_COUNTS = "words.json"
COMPLETIONS = "phrases.json"
NAMES = "names.json"
# Of the matrix, by the names of bm25s: the rows of every token, and where each token's begin.
ROWS, ROW_STARTS = "indices.csc.index.npy", "indptr.csc.index.npy"
# Of the matrix: how often a row has a token; and how many tokens each row has.
COUNTS, LENGTHS = "counts.npy", "lengths.npy"
# The words of each row, as numbers in the order of WORD_COUNTS.
WRITTEN, WRITTEN_STARTS = "written.npy", "written-starts.npy"
