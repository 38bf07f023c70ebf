"""Every kind of product that the demo shop sells: its drawing, its possible materials, how it is sold."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from demo.drawing.cut import Cut
from demo.drawing.fabrics import Material, cloth
from demo.drawing.palette import COLOURS, blend, shade
from demo.garments.accessories import accessories, bags, hats, headwear
from demo.garments.accessories.backpacks import backpack
from demo.garments.accessories.eyewear import sunglasses
from demo.garments.accessories.watches import watch
from demo.garments.clothes import bottoms, dresses, gowns, knits, tailored
from demo.garments.clothes.puffers import puffer
from demo.garments.footwear import shoes
from demo.garments.footwear.boots import boots
from demo.garments.footwear.sandals import sandals
from demo.garments.footwear.sneakers import sneakers

# A value that is listed twice is drawn twice as often.
ALL_OVER = ("plain", "plain", "striped", "dotted", "floral")
SOFT = ("plain", "plain", "striped")
EVERY_COLOUR = tuple(COLOURS)
INDIGO = ("blue", "navy", "sky blue", "black", "grey", "white", "olive", "beige")
TANNED = ("black", "brown", "camel", "burgundy", "navy", "beige", "olive", "grey", "red", "green", "white")
SOBER = (
    "navy",
    "black",
    "grey",
    "camel",
    "beige",
    "olive",
    "brown",
    "burgundy",
    "green",
    "blue",
    "cream",
    "teal",
)


@dataclass(frozen=True)
class Kind:
    """A kind of product: name, drawing, fabrics, patterns, category and price range in euros."""

    name: str
    draw: Callable[[Cut], None]
    fabrics: tuple[str, ...]
    patterns: tuple[str, ...]
    category: str
    prices: tuple[int, int]
    wearers: tuple[str, ...] = ("women", "men")
    sizes: str = "letters"
    colours: tuple[str, ...] = EVERY_COLOUR


def _kinds() -> tuple[Kind, ...]:
    women = ("women",)
    return (
        Kind("t-shirt", knits.tshirt, ("jersey",), SOFT, "Clothing > Tops > T-Shirts", (12, 39)),
        Kind("polo shirt", knits.polo, ("pique",), SOFT, "Clothing > Tops > Polo Shirts", (25, 65)),
        Kind("shirt", tailored.shirt, ("poplin",), ("plain", "pinstriped", "plaid"),
        "Clothing > Tops > Shirts", (29, 89)),
        Kind("hoodie", knits.hoodie, ("fleece",), ("plain",), "Clothing > Tops > Hoodies", (39, 89)),
        Kind("sweater", knits.sweater, ("knit", "rib"), SOFT, "Clothing > Knitwear > Sweaters", (39, 129)),
        Kind("blazer", tailored.blazer, ("wool",), ("plain", "plain", "plaid"),
        "Clothing > Jackets > Blazers", (89, 229), colours=SOBER),
        Kind("coat", tailored.coat, ("wool",), ("plain", "plain", "plaid"), "Clothing > Jackets > Coats",
        (129, 329), colours=SOBER),
        Kind("puffer jacket", puffer, ("nylon",), ("plain",),
        "Clothing > Jackets > Puffer Jackets", (79, 219)),
        Kind("summer dress", dresses.summer_dress, ("chiffon", "poplin"), ALL_OVER,
        "Clothing > Dresses > Summer Dresses", (35, 99), women),
        Kind("evening dress", gowns.evening_dress, ("satin",),
        ("plain",), "Clothing > Dresses > Evening Dresses", (99, 279), women),
        Kind("skirt", dresses.skirt, ("cotton twill", "wool", "leather"),
        ("plain", "plaid", "dotted", "floral"), "Clothing > Skirts", (29, 89), women),
        Kind("jeans", bottoms.jeans, ("denim",), ("plain",), "Clothing > Trousers > Jeans", (49, 119),
        sizes="waists", colours=INDIGO),
        Kind("chinos", bottoms.chinos, ("cotton twill",), ("plain",), "Clothing > Trousers > Chinos", (39,
        89), sizes="waists", colours=SOBER),
        Kind("shorts", bottoms.shorts, ("cotton twill", "denim"),
        ("plain", "plaid"), "Clothing > Trousers > Shorts", (25, 59)),
        Kind("leggings", bottoms.leggings, ("stretch",), ("plain",), "Clothing > Trousers > Leggings", (19,
        59), women),
        Kind("swimsuit", gowns.swimsuit, ("stretch",), ("plain", "striped", "dotted", "floral"),
        "Clothing > Swimwear", (29, 79), women),
        Kind("sneakers", sneakers, ("leather", "canvas", "suede"),
        ("plain",), "Shoes > Sneakers", (49, 139), sizes="shoes"),
        Kind("boots", boots, ("leather", "leather", "suede"),
        ("plain",), "Shoes > Boots", (89, 229), sizes="shoes", colours=TANNED),
        Kind("heels", shoes.heels, ("leather", "patent", "suede"),
        ("plain",), "Shoes > Heels", (59, 179), women, "shoes"),
        Kind("sandals", sandals, ("leather",), ("plain",), "Shoes > Sandals", (35, 99), sizes="shoes"),
        Kind("loafers", shoes.loafers, ("leather", "suede"), ("plain",), "Shoes > Loafers", (69, 169),
        sizes="shoes", colours=TANNED),
        Kind("tote bag", bags.tote, ("leather", "canvas"), ("plain", "plain", "striped"), "Bags > Totes",
        (35, 189), women, "one"),
        Kind("backpack", backpack, ("canvas", "nylon", "leather"),
        ("plain",), "Bags > Backpacks", (39, 149), ("unisex",), "one"),
        Kind("clutch", bags.clutch, ("leather", "satin", "patent"),
        ("plain",), "Bags > Clutches", (29, 119), women, "one"),
        Kind("belt", accessories.belt, ("leather",), ("plain",), "Accessories > Belts", (19, 69),
        sizes="belts", colours=TANNED),
        Kind("cap", headwear.cap, ("cotton twill",), ("plain",), "Accessories > Hats > Caps", (15, 39),
        ("unisex",), "one"),
        Kind("beanie", headwear.beanie, ("knit", "rib"), SOFT, "Accessories > Hats > Beanies", (15, 45),
        ("unisex",), "one"),
        Kind("summer hat", hats.sun_hat, ("straw", "straw", "canvas"),
        ("plain",), "Accessories > Hats > Summer Hats", (19, 59), women, "one"),
        Kind("scarf", headwear.scarf, ("knit", "wool"), ("plain", "plaid", "striped"),
        "Accessories > Scarves", (19, 89), ("unisex",), "one"),
        Kind("sunglasses", sunglasses, ("patent",),
        ("plain",), "Accessories > Sunglasses", (25, 149), ("unisex",), "one"),
        Kind("watch", watch, ("leather",), ("plain",), "Accessories > Watches", (79, 299),
        sizes="one", colours=TANNED),
        Kind("tie", accessories.tie, ("satin",), ("plain", "striped", "dotted"), "Accessories > Ties", (19,
        69), ("men",), "one"),
        Kind("socks", accessories.socks, ("jersey",), ("plain", "striped", "dotted"), "Clothing > Socks",
        (6, 19), sizes="socks"),
    )  # fmt: skip


KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _kinds()}


def materials(fabric: str, colour: str, pattern: str, variant: int) -> dict[str, Material]:
    """All materials that a drawing may use, chosen to go with the main one."""
    base = COLOURS[colour]
    dark = sum(base.rgb) < 260
    partner = COLOURS[base.partners[variant % len(base.partners)]].name
    sole = ((238, 236, 230), (233, 224, 203), (186, 140, 92), (44, 42, 42))[variant % 4]
    main = cloth(fabric, colour, "denim" if fabric == "denim" else pattern, variant)
    return {
        "main": main,
        "trim": _trim(fabric, colour),
        "lining": _of(
            "satin", blend(base.rgb, (200, 192, 180), 0.6) if variant % 2 else shade(base.rgb, 0.7)
        ),
        "label": _of("poplin", (238, 235, 226)),
        "cord": _of("jersey", (236, 232, 222) if variant % 3 else shade(base.rgb, 0.7)),
        "metal": _of("metal", (196, 168, 106) if variant % 2 else (186, 187, 190)),
        "sole": _of("rubber", sole),
        "outsole": _of("rubber", (52, 44, 40) if variant % 2 else (84, 58, 40)),
        "accent": cloth("leather" if fabric == "patent" else _plain(fabric), partner),
        "lace": _of("canvas", (240, 238, 232) if dark or variant % 2 else shade(base.rgb, 0.55)),
        "elastic": _of("rib", (40, 38, 38) if dark else shade(base.rgb, 0.5)),
        "footbed": _of("leather", (196, 158, 112)),
        "cork": _of("suede", (178, 134, 86)),
        "handle": cloth("leather", colour)
        if fabric in ("leather", "patent")
        else _of("leather", _leather_for(variant)),
        "ribbon": _of("satin", (36, 36, 40) if variant % 2 else COLOURS[partner].rgb),
        "glass": _of("patent", ((44, 42, 44), (70, 52, 40), (40, 62, 74))[variant % 3]),
        "dial": _of("satin", ((240, 238, 232), (240, 238, 232), (226, 214, 190))[variant % 3]),
    }


def _plain(fabric: str) -> str:
    return "jersey" if fabric in ("knit", "rib") else fabric


def _trim(fabric: str, colour: str) -> Material:
    return cloth({"knit": "rib", "fleece": "rib", "rib": "rib", "satin": "satin"}.get(fabric, fabric), colour)


def _leather_for(variant: int) -> tuple[int, int, int]:
    return ((146, 96, 56), (58, 46, 40), (104, 66, 42))[variant % 3]


def _of(kind: str, rgb: tuple[int, int, int]) -> Material:
    """The weave of a fabric in another colour than the named ones."""
    model = cloth(kind, "white")
    return Material(rgb, model.weave, model.relief, gloss=model.gloss, tightness=model.tightness,
    stiffness=model.stiffness,
                    weave_scale=model.weave_scale)  # fmt: skip
