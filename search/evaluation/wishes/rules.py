"""What shoppers say beside a picture, each with the words by which products are known to be so.

A condition lists entries with "|" between them; a product meets it where its title and attributes have all
the words of one. Words are compared as stems. A wish without enough products in a catalogue is left out.
"""

from __future__ import annotations

WISHES = {
    "pattern": {
        "striped": "striped|stripe",
        "checked": "checked|check|checkered|plaid|tartan|gingham",
        "plain": "plain|solid",
        "with a print": "printed|print",
        "floral": "floral|flower",
        "with a graphic": "graphic",
        "polka dots": "polka dot|dotted",
    },
    "sleeve": {
        "sleeveless": "sleeveless|strapless",
        "with long sleeves": "long sleeve|full sleeve",
        "with short sleeves": "short sleeve|half sleeve",
        "without sleeves": "sleeveless|strapless",
    },
    "material": {
        "made of leather": "leather",
        "in denim": "denim",
        "made of cotton": "cotton",
        "in linen": "linen",
        "made of wool": "wool|woollen|merino|cashmere",
        "in canvas": "canvas",
        "made of silk": "silk|satin",
        "in suede": "suede",
        "knitted": "knit|knitted|knitwear",
        "made of steel": "steel",
    },
    "length": {
        "maxi length": "maxi",
        "mini length": "mini",
        "knee length": "knee|midi",
        "cropped": "cropped|crop",
        "ankle length": "ankle",
        "high top": "high top|hi top|mid|high",
        "with a turtle neck": "turtle neck|polo neck",
    },
    "look": {
        "more elegant": "formal|party|evening|elegant",
        "sportier": "sport|sporty|gym|training|running",
        "more casual": "casual",
        "more traditional": "ethnic|traditional",
    },
}

# Behind "without"; the products that have the thing say it so.
UNWANTED = {
    "stripes": "striped|stripe",
    "checks": "checked|check|checkered|plaid|tartan",
    "print": "printed|print|graphic",
    "hood": "hood|hooded|hoody|hoodie",
    "sleeves": "long sleeve|short sleeve|full sleeve|half sleeve",
    "flowers": "floral|flower",
    "collar": "polo|collar|collared",
    "zip": "zip|zipped|zipper",
}
