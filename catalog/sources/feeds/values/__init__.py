"""Values as shops write them in any language: numbers, currencies, prices, stock and dates."""
