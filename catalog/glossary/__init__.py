"""Words that catalogues share, marked so that they can be translated; colours stand with their swatches.

"Dresses" stands in a feed's data, not in code: `localised` translates it only if it is listed here.
"""
