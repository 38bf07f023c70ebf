"""Word lists, English and German: negations, genders, garments, describing and everyday words."""

from __future__ import annotations

from search.language.tokens import stem

NEGATORS = frozenset(
    [
        "not",
        "no",
        "without",
        "except",
        "excluding",
        "minus",
        "ohne",
        "nicht",
        "kein",
        "keine",
        "keinen",
        "ausser",
    ]
)
# "No show socks" and "no iron shirts" are kinds of socks and shirts.
AFTER_NO = frozenset(["show", "iron", "sew", "tie", "wire", "slip", "seam", "more", "less"])
ALTERNATIVES = frozenset(["or", "nor", "oder", "noch"])
JOINERS = ALTERNATIVES | {"and", "und"}
# Words that may stand between a negation and what it excludes.
FILLERS = frozenset(
    [
        "a",
        "an",
        "the",
        "any",
        "in",
        "too",
        "very",
        "with",
        "of",
        "for",
        "to",
        "ein",
        "eine",
        "einen",
        "mit",
        "zu",
    ]
)
BOUNDARIES = JOINERS | {"but", "with", "for", "in", "on", "aber", "sondern", "mit"}
# Meaningless at the end of a text once the words that followed were cut out.
DANGLING = BOUNDARIES | {"just", "only", "nur", "by", "a", "the", "von", "from", "please", "bitte"}
# Meaningless at its beginning.
LEADING = JOINERS | {"but", "aber", "sondern"}
# The encoder ignores "without" but knows these words for what lacks a part.
LACKING = {"sleev": "sleeveless", "collar": "collarless", "heel": "flat", "strap": "strapless"}

_GENDERS = {
    "man": ("men", "man", "male", "gents", "gentlemen", "him", "herren", "manner"),
    "woman": ("women", "woman", "female", "ladies", "lady", "her", "damen", "frauen"),
    "boy": ("boys", "boy", "jungen"),
    "girl": ("girls", "girl", "madchen"),
}
GENDER_OF = {stem(word): gender for gender, words in _GENDERS.items() for word in words}
FOR = frozenset(["for", "fur"])
# Shops label many children's products as adults', and "her" alone names no gender: these count only after
# "for".
ONLY_AFTER_FOR = frozenset(
    ["boy", "boys", "girl", "girls", "him", "her", "man", "woman", "lady", "jungen", "madchen"]
)

_DESCRIBING = (
    "long short sleeve sleeveless slim fit leather denim cotton wool linen silk suede velvet satin knit "
    "lace mesh printed print striped stripe checked check plain solid floral plaid summer winter spring "
    "autumn casual formal sporty sports running party evening work office maxi midi mini round neck "
    "vneck crew polo hooded high low heeled flat ankle wide loose skinny straight cropped oversized "
    "classic cheap new nice pretty elegant"
)
# Words that may stand between a colour and the garment it describes.
DESCRIBING = frozenset(stem(word) for word in _DESCRIBING.split())
# "short" has the stem of the garment "shorts" but is an adjective.
NO_GARMENT = frozenset(["short"])

_GARMENTS = (
    "shirt tshirt tee top blouse tunic sweater jumper pullover cardigan hoodie sweatshirt jacket coat "
    "blazer vest dress gown skirt trousers pants jeans chinos leggings shorts suit jumpsuit kurta sari "
    "shoes sneakers trainers boots sandals heels flats pumps loafers slippers bag handbag backpack "
    "clutch wallet purse belt hat cap scarf gloves socks tights watch sunglasses tie underwear bra "
    "swimsuit bikini pyjamas clothes outfit accessories"
)
# Nouns that a colour can describe, besides the names of the catalogue's own categories.
GARMENTS = frozenset(stem(word) for word in _GARMENTS.split())

_EVERYDAY = (
    "wear wearing clothing gear gift present outdoor indoor home beach gym school wedding holiday warm cold "
    "soft light dark bright big small large size colour good best great like look style fashion brand price "
    "sale discount easy waterproof kid child baby teen adult "
    "bolero bolo camo checkered cosy embroidered festive hemp jute khakis marl mitten organza pajama quilted "
    "ruffle shopper singlet skis strappy stretchy stripy woollen"
)
# Correctly spelled words that a catalogue may lack: spelling correction leaves them alone.
VALID_WORDS = GARMENTS | DESCRIBING | GENDER_OF.keys() | {stem(word) for word in _EVERYDAY.split()}
