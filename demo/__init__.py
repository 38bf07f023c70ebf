"""The demo shop: a catalogue that draws itself, and four weeks of visits to it. Only training imports it."""
