"""A shopkeeper of a running Vendure: what staff do through the Admin API."""

import io
import json

import requests
from PIL import Image

PRODUCT = """mutation ($input: CreateProductInput!) { createProduct(input: $input) { id } }"""
UPDATE = """mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { id } }"""
DELETE = """mutation ($id: ID!) { deleteProduct(id: $id) { result } }"""
GROUP = """mutation ($input: CreateProductOptionGroupInput!) {
  createProductOptionGroup(input: $input) { id options { id code } } }"""
ADD_GROUP = """mutation ($product: ID!, $group: ID!) {
  addOptionGroupToProduct(productId: $product, optionGroupId: $group) { id } }"""
VARIANTS = (
    """mutation ($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }"""
)
UPDATE_VARIANTS = """mutation ($input: [UpdateProductVariantInput!]!) {
  updateProductVariants(input: $input) { id } }"""
DELETE_VARIANT = """mutation ($id: ID!) { deleteProductVariant(id: $id) { result } }"""
OPTION = """mutation ($input: UpdateProductOptionInput!) { updateProductOption(input: $input) { id } }"""
COLLECTION = """mutation ($input: CreateCollectionInput!) { createCollection(input: $input) { id } }"""
ASSETS = """mutation ($input: [CreateAssetInput!]!) { createAssets(input: $input) { ... on Asset { id } } }"""
LOGIN = """mutation { login(username: "superadmin", password: "superadmin") { __typename } }"""


def translated(name, **more):
    return [{"languageCode": "en", "name": name, **more}]


def slug(text):
    return text.lower().replace(" ", "-")


class Vendure:
    """``address`` is the server's. Prices are in cents, with a tax of 20 % on top."""

    def __init__(self, address):
        self.api = f"{address}/shop-api"
        self._admin = f"{address}/admin-api"
        self._session = requests.Session()
        self._set_up()

    def ask(self, query, **variables):
        body = {"query": query, "variables": variables}
        return self._read(self._session.post(self._admin, json=body, timeout=60))

    def _read(self, answer):
        data = answer.json()
        assert "errors" not in data, data["errors"]
        return data["data"]

    def _set_up(self):
        login = self._session.post(self._admin, json={"query": LOGIN}, timeout=60)
        self._session.headers["Authorization"] = f"Bearer {login.headers['vendure-auth-token']}"
        country = self.ask(
            "mutation ($names: [CountryTranslationInput!]!) "
            '{ createCountry(input: {code: "DE", enabled: true, translations: $names}) { id } }',
            names=translated("Germany"),
        )["createCountry"]["id"]
        self.zone = zone = self.ask(
            'mutation ($country: ID!) { createZone(input: {name: "EU", memberIds: [$country]}) { id } }',
            country=country,
        )["createZone"]["id"]
        self.ask(
            "mutation ($zone: ID!) { updateChannel(input: {id: 1, defaultTaxZoneId: $zone, "
            "defaultShippingZoneId: $zone, availableCurrencyCodes: [EUR], defaultCurrencyCode: EUR, "
            "pricesIncludeTax: false}) { __typename } }",
            zone=zone,
        )
        category = self.ask('mutation { createTaxCategory(input: {name: "standard"}) { id } }')
        self.ask(
            'mutation ($zone: ID!, $category: ID!) { createTaxRate(input: {name: "VAT", enabled: true, '
            "value: 20, zoneId: $zone, categoryId: $category}) { id } }",
            zone=zone,
            category=category["createTaxCategory"]["id"],
        )

    def second_channel(self):
        """Without one, Vendure takes any token for the default channel's."""
        self.ask(
            'mutation ($zone: ID!) { createChannel(input: {code: "b2b", token: "b2b-token", '
            "defaultLanguageCode: en, pricesIncludeTax: false, defaultCurrencyCode: EUR, "
            "defaultTaxZoneId: $zone, defaultShippingZoneId: $zone}) { __typename } }",
            zone=self.zone,
        )

    def collection(self, name, *products, parent=None):
        arguments = [
            {"name": "productIds", "value": json.dumps(products)},
            {"name": "combineWithAnd", "value": "true"},
        ]
        texts = translated(name, slug=slug(name), description="")
        stated = {"translations": texts, "filters": [{"code": "product-id-filter", "arguments": arguments}]}
        if parent:
            stated |= {"parentId": parent, "inheritFilters": False}
        return self.ask(COLLECTION, input=stated)["createCollection"]["id"]

    def picture(self, colour):
        content = io.BytesIO()
        Image.new("RGB", (320, 320), colour).save(content, "PNG")
        operations = {"query": ASSETS, "variables": {"input": [{"file": None}]}}
        form = {"operations": json.dumps(operations), "map": json.dumps({"0": ["variables.input.0.file"]})}
        files = {"0": (f"{colour}.png", content.getvalue(), "image/png")}
        headers = {"Apollo-Require-Preflight": "true"}
        answer = self._session.post(self._admin, data=form, files=files, headers=headers, timeout=60)
        return self._read(answer)["createAssets"][0]["id"]

    def product(self, title, *, enabled=True, pictures=(), **options):
        """A product with a variant of 50.00 and 5 pieces for each combination of ``options``' first value:
        ``size=["S", "M"]``. Returns (product id, {"S": variant id}).
        """
        texts = translated(title, slug=slug(title), description=f"<p>{title} &amp; co</p>")
        assets = {"assetIds": list(pictures), "featuredAssetId": pictures[0]} if pictures else {}
        product = self.ask(PRODUCT, input={"enabled": enabled, "translations": texts, **assets})
        number = product["createProduct"]["id"]
        self.options = {name: self._group(number, title, name, values) for name, values in options.items()}
        return number

    def _group(self, number, title, name, values):
        options = [{"code": slug(value), "translations": translated(value)} for value in values]
        group = {"code": f"{slug(title)}-{name}", "translations": translated(name), "options": options}
        made = self.ask(GROUP, input=group)["createProductOptionGroup"]
        self.ask(ADD_GROUP, product=number, group=made["id"])
        return {option["code"]: option["id"] for option in made["options"]}

    def variant(self, number, sku, *option_ids, price=5000, stock=5, pictures=()):
        stated = {
            "productId": number,
            "sku": sku,
            "price": price,
            "stockOnHand": stock,
            "trackInventory": "TRUE",
            "optionIds": list(option_ids),
            "translations": translated(sku),
            "assetIds": list(pictures),
        }
        return self.ask(VARIANTS, input=[stated])["createProductVariants"][0]["id"]

    def dress(self, title, *, enabled=True):
        """(product id, variant id) of a dress in navy and red, size S; the variant is the navy one."""
        number = self.product(title, enabled=enabled, colour=["Navy", "Red"], size=["S", "M"])
        colours, sizes = self.options["colour"], self.options["size"]
        navy = self.variant(number, f"{title}-N-S", colours["navy"], sizes["s"])
        self.variant(number, f"{title}-R-S", colours["red"], sizes["s"])
        return number, navy
