"""A stand-in for what an encoder sees of the parts of a picture."""

from search.query import Crop
from search.query_builder.windows import part_of


class CutParts:
    """Reads parts as the encoder would see them cut out."""

    def __init__(self, encode, image):
        self.encode, self.image = encode, image

    def vectors(self, wanted):
        crops = [Crop(*(side / 7 for side in rectangle)) for rectangle in wanted]
        return self.encode([part_of(self.image, crop) for crop in crops])
