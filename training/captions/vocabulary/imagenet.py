# ruff: noqa: E501  (a table)
"""ImageNet classes that shops sell, and their names."""

# By number in the classifier. They keep what the picture tower knows of things that few training pictures
# show.
CLASSES: dict[int, str] = {
    399: "abaya, long black robe", 400: "academic gown, graduation robe", 411: "apron", 414: "backpack, rucksack",
    433: "bathing cap, swimming cap", 439: "bearskin hat", 445: "bikini, two-piece swimsuit, bikini top",
    451: "bolo tie, string tie", 452: "bonnet, baby bonnet", 457: "bow tie", 459: "bra, brassiere, sports bra, bandeau",
    464: "buckle, belt buckle", 465: "bulletproof vest, tactical vest", 474: "cardigan", 496: "christmas stocking",
    501: "cloak, cape", 502: "clogs, wooden shoes", 514: "cowboy boots, boots", 515: "cowboy hat",
    518: "crash helmet, motorcycle helmet", 529: "diaper, nappy", 531: "digital watch", 409: "analog clock",
    552: "feather boa", 568: "fur coat", 578: "gown, evening gown, long dress", 591: "handkerchief",
    601: "hoop skirt, long wide skirt", 608: "jeans, blue jeans, denim", 610: "jersey, t-shirt, tee shirt",
    614: "kimono, robe", 615: "knee pads", 617: "lab coat, white coat", 630: "loafers", 635: "magnetic compass",
    636: "mailbag, messenger bag, postal bag", 638: "maillot, one-piece swimsuit", 639: "tank suit, swimsuit, leotard",
    652: "military uniform, camouflage uniform", 655: "miniskirt, short skirt", 658: "mitten, gloves",
    679: "necklace", 689: "overskirt, full skirt", 697: "pyjamas, pajamas", 711: "perfume", 735: "poncho",
    748: "purse, handbag", 770: "running shoes, sneakers", 774: "sandals", 775: "sarong, wrap skirt",
    788: "shoe shop", 793: "shower cap", 796: "ski mask, balaclava", 806: "socks", 808: "sombrero, wide hat",
    824: "stole, shawl, scarf", 834: "suit, business suit, blazer", 836: "sunglasses", 837: "sunglasses, dark glasses",
    841: "sweatshirt, hoodie", 842: "swimming trunks, board shorts", 869: "trench coat, raincoat",
    879: "umbrella", 885: "velvet", 887: "vestment", 893: "wallet", 903: "wig", 906: "necktie, windsor tie",
    911: "wool, knitted", 584: "hair clip", 678: "neck brace", 728: "plastic bag", 790: "shopping basket",
    797: "sleeping bag", 570: "gas mask", 643: "face mask", 795: "skis", 768: "rugby ball", 805: "soccer ball",
}  # fmt: skip
