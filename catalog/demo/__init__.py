"""The demo shop: a catalogue that draws itself, so that no picture is downloaded and no licence needed."""

from catalog.demo.feed import render_catalogue

__all__ = ["render_catalogue"]
