"""The demo shop's vocabulary: invented brands, sentences about cuts and cloths, size runs."""

BRANDS: dict[str, tuple[str, ...]] = {
    "Clothing": (
        "Oriel & Finch", "Casa Verano", "Pell & Rye", "Tidewick", "Kestrel Row", "Luma Atelier",
        "Ostravik", "Halden Mill", "Maison Aubrec", "Sorrel Street",
    ),
    "Shoes": ("Cobbleworth", "Passo Lento", "Ostravik", "Fennimore Last", "Strada Nove"),
    "Bags": ("Tidewick", "Harrow Saddlery", "Luma Atelier", "Passo Lento"),
    "Accessories": ("Harrow Saddlery", "Halden Mill", "Kestrel Row", "Ostravik", "Sorrel Street"),
}  # fmt: skip

# Pattern as drawn -> its name in a title.
PATTERN_WORDS = {
    "plain": "", "striped": "striped", "pinstriped": "striped", "dotted": "polka dot", "plaid": "plaid",
    "floral": "floral",
}  # fmt: skip

# Fabric -> its name in a title, where shoppers search for it.
TITLE_FABRICS = {
    "leather": "leather", "patent": "patent leather", "suede": "suede", "wool": "wool", "canvas": "canvas",
    "straw": "straw",
    "satin": "satin", "knit": "knitted", "rib": "ribbed", "nylon": "nylon", "denim": "denim",
}  # fmt: skip

# Fabric -> material in the feed, key of CARE, sentence in the description.
FABRICS: dict[str, tuple[str, str, str]] = {
    "jersey": ("Cotton jersey", "wash", "Combed cotton jersey with a soft, even hand."),
    "pique": ("Cotton piqué", "wash", "Textured cotton piqué that keeps its shape and lets air through."),
    "poplin": ("Cotton poplin", "wash", "Crisp cotton poplin, densely woven and smooth."),
    "fleece": ("Brushed cotton", "wash", "Heavy cotton fleece, brushed inside for warmth."),
    "knit": ("Lambswool blend", "gentle", "A springy lambswool blend in a generous knit."),
    "rib": ("Merino wool", "gentle", "Fine merino in a ribbed knit that follows the body."),
    "wool": ("Virgin wool", "clean", "Woven virgin wool with a dry, warm touch."),
    "nylon": ("Recycled nylon", "wash", "Recycled nylon that sheds light rain."),
    "chiffon": ("Viscose crêpe", "gentle", "Light viscose crêpe that moves as you do."),
    "satin": ("Satin", "clean", "Liquid satin with a quiet sheen."),
    "cotton twill": ("Cotton twill", "wash", "Sturdy cotton twill with a little give."),
    "denim": ("Denim", "wash", "Thirteen-ounce denim, washed once so that it will not shrink."),
    "stretch": ("Stretch jersey", "wash", "Dense stretch jersey that springs back."),
    "leather": ("Leather", "wipe", "Full-grain leather that grows darker and softer with wear."),
    "patent": ("Patent finish", "wipe", "A high-gloss finish that wipes clean."),
    "suede": ("Suede", "wipe", "Velvety calf suede, treated against rain."),
    "canvas": ("Canvas", "wipe", "Tightly woven cotton canvas."),
    "straw": ("Straw", "wipe", "Woven paper straw, light and breathable."),
}

CARE: dict[str, tuple[str, ...]] = {
    "wash": (
        "Machine wash at 30 °C.",
        "Wash inside out with similar colours.",
        "Machine wash cold, hang to dry.",
    ),
    "gentle": ("Hand wash, dry flat.", "Wool cycle at 20 °C, dry flat."),
    "clean": ("Dry clean only.", "Steam rather than iron."),
    "wipe": ("Wipe with a soft, damp cloth.", "Keep out of standing water."),
}

TAILS: dict[str, str] = {
    "t-shirt": " with {neck} and {sleeve}",
    "shirt": " with {sleeve}",
    "hoodie": ", {closing}",
    "sweater": ", {neck}",
    "blazer": ", {closing}",
    "coat": ", {closing}",
    "puffer jacket": " with {neck}",
    "summer dress": ", {length}, {top}",
    "evening dress": ", {fit}, {top}",
    "skirt": ", {fit}",
    "jeans": ", {fit}",
    "chinos": ", {fit}",
    "shorts": ", {style}",
    "leggings": ", {length}",
    "swimsuit": " with {neck}",
    "sneakers": ", {height}",
    "heels": " with {heel}",
    "backpack": ", {style}",
    "clutch": ", {style}",
    "belt": " with {buckle}",
    "summer hat": ", {brim}",
    "sunglasses": ", {style}",
    "watch": ", {case}",
    "socks": ", {length}",
}

OPENERS: dict[str, tuple[str, ...]] = {
    "t-shirt": (
        "A {noun} to wear until it is thin, then a little longer.",
        "The {noun} everything else is worn over.",
    ),
    "polo shirt": ("Halfway between a t-shirt and a shirt.", "A {noun} for the court and the café after it."),
    "shirt": ("A {noun} that looks as good untucked.", "Cut for the office, kept for the weekend."),
    "hoodie": ("A roomy {noun} for cool evenings.", "The {noun} your friends will borrow."),
    "sweater": ("Warm without weight.", "A {noun} for the months with an R in them."),
    "blazer": ("Softly tailored, easy over a t-shirt.", "A {noun} that makes jeans look deliberate."),
    "coat": ("A long {noun} that carries a whole winter.", "Cut to go over knitwear."),
    "puffer jacket": (
        "Light, warm, and packs into its own pocket.",
        "A {noun} for frost and football sidelines.",
    ),
    "summer dress": (
        "A {noun} for the hottest week of the year.",
        "Made for gardens, boats and long lunches.",
    ),
    "evening dress": ("An {noun} that needs no jewellery.", "For the night you have been waiting for."),
    "skirt": ("A {noun} that moves well.", "Sits at the waist and swings from there."),
    "jeans": ("Five pockets, honest {noun}.", "The pair that fits from the first day."),
    "chinos": ("Neater than jeans, softer than suits.", "Everyday trousers with a clean line."),
    "shorts": ("For bicycles, beaches and barbecues.", "A pair of {noun} that is not too short."),
    "leggings": ("Stays put through every stretch.", "For the studio and the sofa."),
    "swimsuit": ("Cut to swim in, not only to lie in.", "A {noun} that holds its shape in salt water."),
    "sneakers": ("Comfortable from the first step.", "Clean lines, cushioned sole."),
    "boots": ("Boots for pavements, puddles and years of wear.", "Resoleable, and worth it."),
    "heels": ("Higher than they feel.", "A pair of {noun} for dancing."),
    "sandals": ("A moulded footbed and straps that adjust.", "The shape of summer."),
    "loafers": ("Slip on and go.", "Hand-sewn apron, flexible sole."),
    "tote bag": ("Holds a laptop, a book and the shopping.", "An open {noun} that keeps its shape."),
    "backpack": ("Carries a day, or a weekend.", "A {noun} with a padded sleeve for a laptop."),
    "clutch": ("Room for a phone, keys and a lipstick.", "A {noun} for one hand."),
    "belt": ("Cut from one hide, edges painted by hand.", "A {noun} that outlives trousers."),
    "cap": ("A curved brim and an adjustable strap.", "Low crown, easy fit."),
    "beanie": ("Warm ears, no itch.", "Knitted in one piece."),
    "summer hat": ("Shade for long days on the beach.", "A {noun} that travels in a suitcase."),
    "scarf": ("Long enough to go round twice.", "Soft at the neck, generous in size."),
    "sunglasses": ("Full UV protection behind polarised lenses.", "A frame that suits most faces."),
    "watch": ("A quiet dial that is easy to read.", "Japanese movement, five bar."),
    "tie": ("Hand-finished, with a slip stitch that moves.", "Ties a good four-in-hand."),
    "socks": ("Stay up, without marks.", "Reinforced at heel and toe."),
}

_LETTERS = ("XS", "S", "M", "L", "XL")
SIZES: dict[str, dict[str, tuple[str, ...]]] = {
    "letters": {"women": _LETTERS, "men": ("S", "M", "L", "XL", "XXL"), "all": ("S", "M", "L")},
    "waists": {
        "women": ("25", "26", "27", "28", "29", "30"),
        "men": ("29", "30", "31", "32", "33", "34", "36"),
        "all": (),
    },
    "shoes": {
        "women": ("36", "37", "38", "39", "40", "41"),
        "men": ("40", "41", "42", "43", "44", "45", "46"),
        "all": (),
    },
    "belts": {"all": ("80", "85", "90", "95", "100")},
    "socks": {"women": ("35-38", "39-42"), "men": ("39-42", "43-46"), "all": ()},
    "one": {"all": ("One size",)},
}
