"""What a full build reads of each product, without making models."""

import pytest

from catalog.models import Product
from search.encoding.embedding import EmbeddingInput
from search.index.plan import plan_index
from search.lexical.documents import LexicalDocument
from tests.factories import ProductFactory, ProductImageFactory

pytestmark = pytest.mark.django_db


def test_it_plans_the_same_content_and_words_that_a_single_product_has(media):
    for number in range(3):
        product = ProductFactory(attributes={"material": "linen", "sizes": ["S", number]})
        product.article_numbers = {"sku": [f"LS-{number}"]}
        product.save()
        ProductImageFactory(product=product, position=0, content_hash="")
        for position in range(1, 1 + number):
            ProductImageFactory(product=product, position=position, content_hash=f"{number}{position}" * 32)
    plan = plan_index("f", everything=False)
    products = list(Product.objects.order_by("pk"))
    assert plan.keys == plan.stale == [each.pk for each in products]
    assert plan.content_hashes == [EmbeddingInput.of(each).content_hash for each in products]
    assert plan.documents == [LexicalDocument.of(each) for each in products]


def test_it_leaves_out_what_is_inactive_and_what_is_embedded_already(products, run, tiny_encoder):
    run()
    fingerprint = tiny_encoder.fingerprint
    Product.objects.filter(pk=products[0].pk).update(is_active=False)
    Product.objects.filter(pk=products[1].pk).update(title="Another title")
    plan = plan_index(fingerprint, everything=False)
    assert products[0].pk not in plan.keys
    assert plan.stale == [products[1].pk]
    assert plan_index(fingerprint, everything=True).stale == plan.keys


@pytest.mark.parametrize(("limit", "wanted"), [(4, [0, 1, 2, 3]), (3, [3, 1, 0, 2])])
def test_of_many_products_those_of_a_kind_and_a_colour_stand_together(settings, limit, wanted):
    settings.INDEX_EXACT_LIMIT = limit
    stated = [("Shoes", "Blue"), ("Hats", "Red"), ("Shoes", "Blue"), ("Hats", "Blue")]
    products = [ProductFactory(category=category, colour=colour) for category, colour in stated]
    plan = plan_index("f", everything=False)
    assert plan.keys == [products[place].pk for place in wanted]
    assert plan.documents == [LexicalDocument.of(products[place]) for place in wanted]
    assert plan.labels == [(stated[place][1], stated[place][0]) for place in wanted]
    assert len(plan.content_hashes) == len(plan.stale) == len(stated)
