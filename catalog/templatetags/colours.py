"""Colour names of fashion catalogues, and the hex values of their swatches."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from catalog.sources import colour_families

UNKNOWN = "#b9b2a7"

PAINTS = {
    _("Beige"): "#d9c7a5",
    _("Black"): "#1a1a1a",
    _("Blue"): "#2f62c9",
    _("Bronze"): "#8c6239",
    _("Brown"): "#6f4a2f",
    _("Burgundy"): "#6d1a2d",
    _("Camel"): "#b98b56",
    _("Charcoal"): "#3c4044",
    _("Coffee Brown"): "#4b3426",
    _("Copper"): "#b26a3c",
    _("Coral"): "#f2735f",
    _("Cream"): "#f3e9d2",
    _("Fluorescent Green"): "#7be23c",
    _("Gold"): "#c9a24a",
    _("Green"): "#2f8a4c",
    _("Grey"): "#8b8d8f",
    _("Grey Melange"): "#a7a9ab",
    _("Ivory"): "#f5f0e1",
    _("Khaki"): "#a39a6b",
    _("Lavender"): "#b6a5d9",
    _("Light Blue"): "#9cc3e8",
    _("Lime Green"): "#a5d132",
    _("Magenta"): "#c2267f",
    _("Maroon"): "#6e1423",
    _("Mauve"): "#a98199",
    _("Metallic"): "#a8acb0",
    _("Mint"): "#aadfc3",
    _("Multi"): "#c9503e",
    _("Mushroom Brown"): "#9a8778",
    _("Mustard"): "#d2a021",
    _("Navy"): "#1c2748",
    _("Navy Blue"): "#1c2748",
    _("Nude"): "#e2bfa5",
    _("Off White"): "#f6f3ea",
    _("Olive"): "#6b6b33",
    _("Orange"): "#e9782a",
    _("Peach"): "#f6bd9b",
    _("Pink"): "#ea86a8",
    _("Purple"): "#6f3f96",
    _("Red"): "#c62c2c",
    _("Rose"): "#d96d7f",
    _("Rust"): "#a54a24",
    _("Sand"): "#d8c3a0",
    _("Sea Green"): "#2f9c7c",
    _("Silver"): "#c3c6ca",
    _("Skin"): "#e8c3a4",
    _("Sky Blue"): "#8cc6ec",
    _("Steel"): "#8d979f",
    _("Tan"): "#c19a6b",
    _("Taupe"): "#8f8378",
    _("Teal"): "#1f7a7a",
    _("Terracotta"): "#c4623f",
    _("Turquoise"): "#36b5b0",
    _("Turquoise Blue"): "#2ca6c4",
    _("White"): "#ffffff",
    _("Yellow"): "#f0c928",
}
_BY_KEY = {name.casefold(): paint for name, paint in PAINTS.items()}


def hexes(colour: str) -> tuple[str, str]:
    """The hex values of a swatch's two halves: two for "Red/White", equal ones for a plain colour."""
    if colour_families.family(colour) == "Multi":
        return PAINTS["Multi"], PAINTS["Sky Blue"]
    paints = [paint(part) for part in colour_families.parts(colour)] or [UNKNOWN]
    return paints[0], paints[min(1, len(paints) - 1)]


def paint(name: str) -> str:
    """The hex value of a colour name, else of its last known word ("Dusty Red"), else of its family
    ("Marineblau"), else a neutral one.
    """
    family = colour_families.family(name).casefold()
    known = (_BY_KEY[word] for word in (name, *reversed(name.split()), family) if word in _BY_KEY)
    return next(known, UNKNOWN)
