"""What is asked of Shopify's GraphQL Admin API; every query is tested against an excerpt of its schema."""

from __future__ import annotations

_VARIANT_FIELDS = """
  id legacyResourceId sku barcode price compareAtPrice availableForSale inventoryQuantity
  inventoryItem { tracked }
  selectedOptions { name value }
"""
_PRODUCT_FIELDS = """
  id legacyResourceId title descriptionHtml vendor productType tags status onlineStoreUrl
  category { fullName }
"""
_PICTURE = "... on MediaImage { image { url } }"

_VARIANTS = f"""
  nodes {{ {_VARIANT_FIELDS} media(first: 1) {{ nodes {{ {_PICTURE} }} }} }}
  pageInfo {{ hasNextPage endCursor }}
"""
_PRODUCT = f"{_PRODUCT_FIELDS} media(first: 20) {{ nodes {{ {_PICTURE} }} }}"

PRODUCTS = f"""
query Products($first: Int!, $after: String, $query: String!) {{
  shop {{ currencyCode }}
  productsCount(query: $query) {{ count }}
  products(first: $first, after: $after, query: $query, sortKey: ID) {{
    nodes {{ {_PRODUCT} variants(first: 100) {{ {_VARIANTS} }} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
"""
# One query may cost 1,000 points, by what it might find: 2 for each list, and 1 for each object in it.
VARIANTS = f"""
query Variants($id: ID!, $after: String) {{
  product(id: $id) {{ variants(first: 100, after: $after) {{ {_VARIANTS} }} }}
}}
"""
PRODUCT = f"""
query Product($id: ID!) {{
  shop {{ currencyCode }}
  product(id: $id) {{ {_PRODUCT} variants(first: 100) {{ {_VARIANTS} }} }}
}}
"""
INVENTORY_ITEM = """
query InventoryItem($id: ID!) {
  inventoryItem(id: $id) { variants(first: 1) { nodes { product { legacyResourceId } } } }
}
"""
SHOP = "query Shop { shop { name } }"

# A bulk operation allows five connections, two of them nested in another, and reads every page of each.
BULK_PRODUCTS = f"""
{{
  products(query: "status:active") {{ edges {{ node {{
    {_PRODUCT_FIELDS}
    media {{ edges {{ node {{ id {_PICTURE} }} }} }}
    variants {{ edges {{ node {{
      {_VARIANT_FIELDS}
      media {{ edges {{ node {{ id {_PICTURE} }} }} }}
    }} }} }}
  }} }} }}
}}
"""
# Grouped: the lines of variants and pictures follow their product's, so that one product is held at a time.
BULK_RUN = """
mutation BulkRun($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id }
    userErrors { message }
  }
}
"""
BULK_STATE = """
query BulkState($id: ID!) {
  bulkOperation(id: $id) { status errorCode objectCount url }
}
"""
