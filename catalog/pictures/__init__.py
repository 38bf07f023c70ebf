"""Pictures: decoding bytes from outside, and the files made of them. What imports catalog may use it."""
