"""A small shop's vocabulary, and a text parsed with it."""

from search.language.parser import ParsedQuery, Vocabulary, parse_query

VOCABULARY = Vocabulary.of(
    category=("Tshirts", "Dresses", "Jeans", "Shorts", "Casual Shoes", "Sports Shoes"),
    colour=("Red", "Blue", "Navy Blue", "Black", "White", "Brown"),
    gender=("Men", "Women", "Unisex", "Boys"),
    brand=("Puma", "Nike", "Red Tape", "No Nonsense"),
    material=("Denim",),
)


def parse(text, **options) -> ParsedQuery:
    return parse_query(text, VOCABULARY, **options)
