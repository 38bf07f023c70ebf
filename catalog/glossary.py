"""Words that catalogues share, marked so that they can be translated; colours stand with their swatches.

A feed says "Dresses" in data, not in code: `localised` translates it only if the word stands here.
"""

from django.utils.translation import gettext_noop as _

WEARERS = [_("Women"), _("Men"), _("Unisex"), _("Girls"), _("Boys"), _("Kids"), _("Baby")]

CATEGORIES = [
    *(_("Accessories"), _("Backpacks"), _("Bags"), _("Beanies"), _("Belts"), _("Blazers"), _("Blouses")),
    *(_("Boots"), _("Bras"), _("Caps"), _("Cardigans"), _("Chinos"), _("Clutches"), _("Coats"), _("Dresses")),
    *(
        _("Earrings"),
        _("Evening Dresses"),
        _("Flats"),
        _("Flip Flops"),
        _("Gloves"),
        _("Handbags"),
        _("Hats"),
    ),
    *(_("Heels"), _("Hoodies"), _("Jackets"), _("Jeans"), _("Jewellery"), _("Jumpsuits"), _("Knitwear")),
    *(_("Leggings"), _("Loafers"), _("Necklaces"), _("Polo Shirts"), _("Puffer Jackets"), _("Sandals")),
    *(_("Scarves"), _("Shirts"), _("Shoes"), _("Shorts"), _("Skirts"), _("Sneakers"), _("Socks"), _("Suits")),
    *(_("Summer Dresses"), _("Summer Hats"), _("Sunglasses"), _("Sweaters"), _("Sweatshirts"), _("Swimwear")),
    *(_("T-Shirts"), _("Tshirts"), _("Ties"), _("Tops"), _("Totes"), _("Trousers"), _("Underwear")),
    *(_("Wallets"), _("Watches")),
]

ATTRIBUTES = [
    *(_("Age group"), _("Condition"), _("Fit"), _("Length"), _("Material"), _("Neckline"), _("Occasion")),
    *(_("Pattern"), _("Season"), _("Size"), _("Sleeves"), _("Style"), _("Usage"), _("Year")),
]

VALUES = [
    *(_("adult"), _("kids"), _("new"), _("used"), _("refurbished"), _("checked"), _("denim"), _("floral")),
    *(_("plaid"), _("plain"), _("polka dot"), _("striped"), _("Spring"), _("Summer"), _("Autumn"), _("Fall")),
    *(_("Winter"), _("Casual"), _("Formal"), _("Sports"), _("Party"), _("Brushed cotton"), _("Canvas")),
    *(
        _("Cotton"),
        _("Sky blue"),
        _("Cotton jersey"),
        _("Cotton piqué"),
        _("Cotton poplin"),
        _("Cotton twill"),
        _("Denim"),
    ),
    *(_("Lambswool blend"), _("Leather"), _("Linen"), _("Merino wool"), _("Patent finish"), _("Polyester")),
    *(_("Recycled nylon"), _("Satin"), _("Silk"), _("Straw"), _("Stretch jersey"), _("Suede")),
    *(_("Virgin wool"), _("Viscose crêpe"), _("Wool")),
]
