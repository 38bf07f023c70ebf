"""The files of the lexical part of an index version; old versions stay readable, so the names are fixed."""

FOLDER = "lexical"
REFERENCES = "references.npy"
WORD_COUNTS = "words.json"
COMPLETIONS = "phrases.json"
NAMES = "names.json"
