# ruff: noqa: E501  (a table: one occasion a line)
"""Occasions that shoppers name, and the products that serve each."""

# Names of an occasion -> the kinds that serve it, or kinds with a usage ("Tshirts/Sports").
OCCASIONS: dict[str, str] = {
    "something for the gym, gym wear, for the gym, workout clothes, activewear, sportswear, for a workout, fitness wear":
        "Sports Shoes, Track Pants, Tracksuits, Duffel Bag, Tshirts/Sports, Shorts/Sports, Sweatshirts/Sports, Tops/Sports, Jackets/Sports, Leggings",
    "for running, jogging gear, running gear": "Sports Shoes, Track Pants, Shorts/Sports, Tshirts/Sports",
    "for the office, office wear, for work, business attire, workwear":
        "Formal Shoes, Ties, Shirts/Formal, Trousers/Formal, Laptop Bag, Cufflinks",
    "office bag, work bag, bag for the office, briefcase, bag for work": "Laptop Bag, Messenger Bag",
    "for the beach, beachwear, beach holiday, something for the beach": "Flip Flops, Shorts, Sunglasses, Lounge Shorts, shorts",
    "for a wedding, wedding guest, festive, for a party, evening wear, party wear":
        "Clutches, Heels, Ties, Cufflinks, Kurtas, Dresses",
    "for winter, warm clothes, winter wear, for cold weather, something warm":
        "Sweaters, Jackets, Mufflers, Gloves, Sweatshirts, outwear",
    "for summer, summer wear, hot weather": "Shorts, shorts, Sandals, Flip Flops, Sunglasses, Innerwear Vests",
    "for school, school": "Backpacks",
    "for travelling, travel, luggage, for a trip": "Backpacks, Duffel Bag, Rucksacks, Travel Accessory",
    "for hiking, trekking, outdoors": "Sports Sandals, Rucksacks",
    "for the rain": "Umbrellas",
    "gift for him": "Wallets/Casual, Ties, Belts, Cufflinks, Accessory Gift Set",
    "to keep time": "Watches",
    "underwear, underclothes, intimates": "Briefs, Trunk, Boxers, Innerwear Vests, Bra",
    "ethnic wear, traditional indian clothes, indian wear": "Kurtas, Kurtis, Kurta Sets, Dupatta, Churidar",
    "loungewear, nightwear, pyjamas, sleepwear": "Lounge Pants, Lounge Shorts",
    "accessories": "Belts, Ties, Wallets, Sunglasses, Caps, Scarves, Cufflinks, Mufflers, Watches",
    "bags": "Handbags, Backpacks, Clutches, Laptop Bag, Duffel Bag, Messenger Bag, Rucksacks, Waist Pouch",
    "footwear": "Casual Shoes, Sports Shoes, Formal Shoes, Heels, Flats, Sandals, Flip Flops, Sports Sandals, shoes",
    "clothes, apparel, clothing": "Tshirts, Shirts, Tops, Jeans, Trousers, Sweaters, dress, shirt, t-shirt, pants, longsleeve, outwear",
    "bottoms, bottomwear": "Jeans, Trousers, Shorts, Track Pants, Skirts, Leggings, Capris, pants, shorts, skirt",
    "tops, topwear": "Tshirts, Shirts, Tops, Sweaters, Sweatshirts, Kurtas, Tunics, longsleeve, shirt, t-shirt",
}  # fmt: skip
