"""Picture bytes: decoding what strangers sent, and the files kept of it.

Everything that imports catalog may use it.
"""
