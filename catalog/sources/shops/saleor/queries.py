"""What is asked of Saleor's GraphQL API; every query is tested against an excerpt of its schema.

Fields that 3.22 calls deprecated (``attributes``, ``variants``) are those that 3.20 has too.
"""

from __future__ import annotations

_ATTRIBUTES = "attributes { attribute { name inputType unit } values { name plainText boolean } }"
# The original's address: a thumbnail gets another one once Saleor has made it, which would count as a change.
_MEDIA = "media { type url(size: 0) }"
_PRICE = "currency gross { amount } net { amount }"
_PRODUCT = f"""
  id name slug description externalReference isAvailableForPurchase
  productType {{ name }}
  category {{ name ancestors(first: 20) {{ edges {{ node {{ name level }} }} }} }}
  collections {{ name }}
  pricing {{ displayGrossPrices }}
  {_ATTRIBUTES}
  {_MEDIA}
  variants {{
    sku externalReference trackInventory quantityAvailable
    pricing {{ price {{ {_PRICE} }} priceUndiscounted {{ {_PRICE} }} }}
    {_ATTRIBUTES}
    {_MEDIA}
  }}
"""

# In an order that no change of a product alters.
PRODUCTS = f"""
query Products($channel: String!, $where: ProductWhereInput!, $first: Int!, $after: String) {{
  channel(slug: $channel) {{ slug }}
  products(
    channel: $channel
    where: $where
    first: $first
    after: $after
    sortBy: {{field: CREATED_AT, direction: ASC}}
  ) {{
    edges {{ node {{ {_PRODUCT} }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
COUNT = """
query Count($channel: String!, $where: ProductWhereInput!) {
  shop { name }
  channel(slug: $channel) { slug }
  products(channel: $channel, where: $where, first: 1) { totalCount }
}
"""
