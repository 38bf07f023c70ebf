"""A shopkeeper of a running Medusa: what staff do through the Admin API."""

import requests

STAFF = {"email": "staff@shop.example", "password": "of-a-test"}


class Medusa:
    """``address`` is the server's, ``key`` and ``region`` those of its one storefront; prices in euros."""

    def __init__(self, address):
        self.address = address
        self._session = requests.Session()
        token = self.post("/auth/user/emailpass", **STAFF)["token"]
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._set_up()

    def post(self, path, **body):
        return self._ask("POST", path, body)

    def get(self, path):
        return self._ask("GET", path, None)

    def delete(self, path):
        return self._ask("DELETE", path, None)

    def _ask(self, method, path, body):
        answer = self._session.request(method, self.address + path, json=body, timeout=60)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def _set_up(self):
        store = self.get("/admin/stores")["stores"][0]
        currencies = [{"currency_code": "eur", "is_default": True}]
        self.post(f"/admin/stores/{store['id']}", supported_currencies=currencies)
        self.channel = self.post("/admin/sales-channels", name="Web")["sales_channel"]["id"]
        region = self.post("/admin/regions", name="EU", currency_code="eur", countries=["de"])
        self.region = region["region"]["id"]
        self.location = self.post("/admin/stock-locations", name="Main")["stock_location"]["id"]
        self.post(f"/admin/stock-locations/{self.location}/sales-channels", add=[self.channel])
        key = self.post("/admin/api-keys", title="web", type="publishable")["api_key"]
        self.post(f"/admin/api-keys/{key['id']}/sales-channels", add=[self.channel])
        self.key = key["token"]

    def category(self, name, parent=None):
        category = self.post(
            "/admin/product-categories", name=name, is_active=True, parent_category_id=parent
        )
        return category["product_category"]["id"]

    def product(self, title, variants, *, stock=5, **more):
        """A published product; ``variants`` are (colour, size, price). Returns its id."""
        colours, sizes = ({variant[place]: None for variant in variants} for place in (0, 1))
        options = [{"title": "Color", "values": list(colours)}, {"title": "Size", "values": [*sizes, "XL"]}]
        product = self.post(
            "/admin/products",
            **{
                "title": title,
                "status": "published",
                "options": options,
                # Ranked, as Medusa's own admin does: else they have no order.
                "variants": [
                    {**self._variant(title, *variant), "variant_rank": rank}
                    for rank, variant in enumerate(variants)
                ],
                "sales_channels": [{"id": self.channel}],
                **more,
            },
        )["product"]
        for variant in self.variants(product["id"]).values():
            self.stock(variant, stock)
        return product["id"]

    def _variant(self, title, colour, size, price):
        return {
            "title": f"{colour} / {size}",
            "sku": f"{title}-{colour}-{size}".replace(" ", ""),
            "options": {"Color": colour, "Size": size},
            "prices": [{"amount": price, "currency_code": "eur"}],
            "manage_inventory": True,
        }

    def variants(self, product):
        """Variants by title, with the id of what is counted."""
        fields = "fields=id,title,inventory_items.inventory_item_id"
        variants = self.get(f"/admin/products/{product}/variants?{fields}")["variants"]
        return {variant["title"]: variant for variant in variants}

    def stock(self, variant, quantity):
        item = variant["inventory_items"][0]["inventory_item_id"]
        levels = self.get(f"/admin/inventory-items/{item}/location-levels")["inventory_levels"]
        path = f"/admin/inventory-items/{item}/location-levels"
        if levels:
            self.post(f"{path}/{self.location}", stocked_quantity=quantity)
        else:
            self.post(path, location_id=self.location, stocked_quantity=quantity)

    def new_variant(self, product, title, colour, size, price):
        self.post(f"/admin/products/{product}/variants", **self._variant(title, colour, size, price))
        self.stock(self.variants(product)[f"{colour} / {size}"], 5)
