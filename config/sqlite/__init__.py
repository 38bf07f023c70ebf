"""Django's SQLite backend with cursors that hold up no other thread."""
