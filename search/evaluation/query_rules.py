"""Queries in shoppers' words, each with the kinds of product that answer it, on any catalogue.

A condition lists kinds with "|" between them. A kind answers where its label has all the words of one entry
("sport shoe": "Sports Shoes"); an entry behind "=" must be the whole label ("=shoe": "Shoes", not "Formal
Shoes"). Words are compared as stems. A rule without answers in a catalogue is left out there.
"""

from __future__ import annotations

_SNEAKERS = "casual shoe|sport shoe|running shoe|sneaker|trainer|=shoe"
_FORMAL = "formal shoe|oxford|brogue|loafer|derby|=shoe"
_HEELS = "heel|pump|stiletto|=shoe"
_SWEATERS = "sweater|pullover|jumper|cardigan|knitwear"
_JACKETS = "jacket|coat|parka|windbreaker|outerwear"
_LOUNGE = "lounge pant|lounge short|pyjama|pajama|nightwear|night suit|robe"
_TROUSERS = "=trouser|=pant|chino|slack|cargo"
_UNDERWEAR = "brief|trunk|boxer|bra|innerwear|underwear|panty|lingerie"
_BAGS = "handbag|purse|=bag|tote|shoulder bag"
_WARM = f"{_SWEATERS}|sweatshirt|hoody|{_JACKETS}|muffler|scarf|stole|glove|beanie|shawl"
_SPORT = "sport shoe|running shoe|track pant|tracksuit|jogger|legging|sport sandal|sweatpant"

EVERYDAY_RULES = {
    "kicks": _SNEAKERS,
    "sneakers": _SNEAKERS,
    "trainers": _SNEAKERS,
    "running shoes": "sport shoe|running shoe|sneaker|trainer|=shoe",
    "dress shoes": _FORMAL,
    "oxfords": _FORMAL,
    "office shoes": _FORMAL,
    "stilettos": _HEELS,
    "high heels": _HEELS,
    "pumps": _HEELS,
    "ballerinas": "flat|ballerina|=shoe",
    "thongs": "flip flop|sandal|slipper",
    "beach slippers": "flip flop|sandal|slipper",
    "footwear": "shoe|heel|flat|sandal|flip flop|boot|slipper|sneaker",
    "wellies": "rain boot|boot|wellington",
    "tee": "tshirt|tee",
    "t shirt": "tshirt|tee",
    "polo": "tshirt|polo",
    "tank top": "top|vest|tank",
    "blouse": "top|blouse|tunic",
    "dress shirt": "=shirt|blouse shirt|dress shirt",
    "button down": "=shirt|blouse shirt|dress shirt",
    "frock": "=dress|gown|frock",
    "gown": "=dress|gown|frock",
    "jumper": _SWEATERS,
    "pullover": f"{_SWEATERS}|sweatshirt|hoody",
    "knitwear": _SWEATERS,
    "hoodie": "sweatshirt|hoody|hoodie",
    "windcheater": _JACKETS,
    "coat": _JACKETS,
    "anorak": _JACKETS,
    "blazer": f"{_JACKETS}|blazer",
    "slacks": _TROUSERS,
    "chinos": _TROUSERS,
    "pants": f"{_TROUSERS}|jean|track pant|trouser",
    "denims": "jean|denim",
    "joggers": "track pant|jogger|sweatpant|tracksuit",
    "sweatpants": "track pant|jogger|sweatpant|tracksuit",
    "bermudas": "=short|bermuda|lounge short",
    "leggings": "legging|tight|churidar|jegging",
    "tights": "tight|stocking|legging",
    "undies": _UNDERWEAR,
    "underwear": _UNDERWEAR,
    "underpants": "brief|trunk|boxer|underwear|panty",
    "undershirt": "innerwear vest|undershirt|vest",
    "nightwear": _LOUNGE,
    "purse": f"{_BAGS}|wallet|clutch",
    "handbag": _BAGS,
    "tote": _BAGS,
    "evening bag": f"clutch|{_BAGS}",
    "rucksack": "backpack|rucksack|=bag",
    "school bag": "backpack|rucksack|=bag",
    "satchel": "messenger bag|laptop bag|satchel|=bag|handbag",
    "billfold": "wallet|billfold",
    "luggage": "duffel|travel|luggage|backpack|rucksack|suitcase|trolley",
    "shades": "sunglass",
    "sunnies": "sunglass",
    "eyewear": "sunglass|eyewear|spectacle",
    "wristwatch": "watch",
    "timepiece": "watch",
    "necktie": "=tie|necktie",
    "baseball cap": "=cap|baseball cap|hat",
    "headgear": "=cap|hat|beanie|headband|headwear",
    "neck scarf": "scarf|muffler|stole|shawl",
    "waist belt": "belt",
    "anklets": "sock|anklet",
    "cologne": "perfume|fragrance|cologne|deodorant",
    "jewelry": "jewellery|jewelry|necklace|bracelet|earring|ring|pendant|bangle",
    "indian tunic": "kurta|kurti|tunic",
    "miniskirt": "skirt",
}

NEED_RULES = {
    "warm layer for winter": _WARM,
    "cosy for cold evenings": _WARM,
    "something to keep me warm": _WARM,
    "keep my neck warm": "muffler|scarf|stole|shawl",
    "keep my hands warm": "glove|mitten",
    "something for the gym": f"{_SPORT}|duffel|=short|tshirt",
    "what to wear for running": f"{_SPORT}|=short|tshirt",
    "jogging in the morning": f"{_SPORT}|=short|tshirt",
    "shoes to run a marathon": "sport shoe|running shoe|sneaker|trainer|=shoe",
    "comfortable shoes for walking all day": f"{_SNEAKERS}|sport sandal|flat",
    "something for yoga": "legging|track pant|tight|tracksuit|top|tshirt|innerwear",
    "clothes for a job interview": f"=shirt|blouse shirt|{_TROUSERS}|tie|blazer|{_JACKETS}|formal shoe|belt",
    "smart look for the office": f"=shirt|blouse shirt|{_TROUSERS}|tie|blazer|formal shoe|skirt|laptop bag",
    "carry my laptop": "laptop bag|backpack|messenger bag|briefcase",
    "bag for school": "backpack|rucksack|messenger bag",
    "carry my money and cards": "wallet|clutch|purse|handbag",
    "something for a weekend trip": "duffel|backpack|rucksack|travel|=bag|luggage",
    "a day at the beach": "flip flop|=short|sunglass|sandal|swimwear|hat|capri|bikini",
    "protect my eyes from the sun": "sunglass|eyewear",
    "keep the sun off my face": "=cap|hat|sunglass",
    "stay dry in the rain": f"umbrella|{_JACKETS}|boot",
    "tell the time": "watch",
    "hold up my trousers": "belt|suspender|brace",
    "to sleep in": _LOUNGE,
    "under my clothes": _UNDERWEAR,
    "smell nice": "perfume|fragrance|deodorant|cologne",
    "night out in heels": _HEELS,
    "evening party": "=dress|gown|heel|clutch|top|blouse shirt|jewellery|skirt",
    "indian wedding outfit": "kurta|kurti|dupatta|churidar|kurta set|sari|saree|tunic|salwar",
    "light clothes for hot days": "=short|tshirt|=dress|top|skirt|capri|blouse shirt|tunic",
    "for my feet in summer": "flip flop|sandal|flat|sport sandal|=shoe",
    "keep my feet warm": "sock|boot|slipper",
    "gift for dad": "wallet|tie|belt|watch|cufflink|gift set|perfume|=shirt",
    "something shiny to wear around the neck": "jewellery|necklace|pendant",
}

# Words of a title that a query may add to colour and kind; judged by the title.
TITLE_ATTRIBUTES = (
    "striped",
    "printed",
    "checked",
    "solid",
    "polo",
    "floral",
    "leather",
    "denim",
    "hooded",
    "sleeveless",
    "embroidered",
    "graphic",
    "plaid",
    "lace",
    "knit",
    "maxi",
    "wrap",
)
