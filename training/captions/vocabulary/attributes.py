"""Patterns and genders, and what many shops call each."""

# Pattern -> how a title shows it, and its names.
PATTERNS: dict[str, tuple[str, str]] = {
    "striped": (r"strip", "striped, with stripes, stripy"),
    "checked": (r"\bcheck", "checked, plaid, checkered, tartan"),
    "printed": (r"print|graphic", "printed, with a print, graphic"),
    "plain": (r"\bsolid\b|\bplain\b", "plain, solid, single-coloured"),
    "floral": (r"floral|flower", "floral, flower print, with flowers"),
    "washed": (r"washed", "washed, faded, stonewashed"),
    "embroidered": (r"embroider", "embroidered"),
    "dotted": (r"polka|\bdot", "polka dot, dotted, spotted"),
}  # fmt: skip

GENDERS: dict[str, str] = {
    "Men": "men's, men, mens, male, for men, for him",
    "Women": "women's, women, womens, ladies, for women, for her",
    "Boys": "boys', boys, kids, children's",
    "Girls": "girls', girls, kids, children's",
    "Unisex": "unisex",
}
