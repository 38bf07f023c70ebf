"""Every page a visitor can see, by name, for the tests of all pages and for the screenshots."""

SIGNED_OUT = {
    "home": "/",
    "results-words": "/results?text=red+dress",
    "results-both": "/results?text=red&image_id=product:{product}",
    "results-filtered": "/results?text=dress&colour=Red&in_stock=true&sort=price",
    "results-nothing": "/results?text=red&price_min=99999",
    "results-unknown": "/results?text=zxqwv",
    "results-refused": "/results?text=red&weight=9",
    "results-empty": "/results",
    "picture-gone": "/results?image_id=gone",
    "category": "/category/apparel",
    "category-filtered": "/category/apparel/dress?colour=Red&in_stock=true",
    "brand": "/brand/fern",
    "new-in": "/new",
    "on-sale": "/sale",
    "product": "/products/{product}",
    "similar": "/products/{product}/similar",
    "look": "/products/{product}/look",
    "alert-asked": "/alerts/asked",
    "login": "/auth/login",
    "register": "/auth/register",
    "forgot": "/auth/forgot",
    "link-stale": "/auth/reset/x/y",
    "not-found": "/nothing-here",
}
# URLs of tests.browser.refusals; 404 is "not-found" above.
STATUSES = (400, 403, 413, 429, 500, 503)
REFUSED = [*(f"/refused/{status}" for status in STATUSES), "/stale-form"]
SIGNED_IN = {"favorites": "/favorites", "alerts": "/alerts", "account": "/auth/account"}
WIDTHS = (375, 768, 1440)
THEMES = ("light", "dark")
