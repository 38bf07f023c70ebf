"""Every page a visitor can see, by name, for the tests that look at all of them and for the screenshots."""

SIGNED_OUT = {
    "home": "/",
    "results-words": "/results?text=red+dress",
    "results-both": "/results?text=red&image_id=product:{product}",
    "results-filtered": "/results?text=dress&colour=Red&in_stock=true&sort=price",
    "results-nothing": "/results?text=red&price_min=99999",
    "results-refused": "/results?text=red&weight=9",
    "product": "/products/{product}",
    "similar": "/products/{product}/similar",
    "login": "/auth/login",
    "register": "/auth/register",
    "not-found": "/nothing-here",
}
SIGNED_IN = {"favorites": "/favorites", "account": "/auth/account"}
WIDTHS = (375, 768, 1440)
THEMES = ("light", "dark")
