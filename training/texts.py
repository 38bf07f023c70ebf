"""Texts beside the captions: ordinary phrases to keep in place, and the names of ImageNet's classes."""

import numpy as np
import torch
from torch.nn import functional

from . import towers, vocabulary
from .text_network import TextNetwork, TokenStates
from .truth import words

# Ordinary words of fashion that no caption uses; training must leave them where MiniLM put them.
OTHER_WORDS = (
    "anorak, ball gown, balaclava, bandana, beret, bermudas, bikini, bodysuit, bracelet, brogues, "
    "bustier, cape, cashmere sweater, chelsea boots, chiffon blouse, cocktail dress, corduroy trousers,"
    " corset, culottes, cycling shorts, deck shoes, derby shoes, dungarees, earrings, espadrilles, "
    "fedora, flannel shirt, halter top, harem pants, henley, hot pants, jeggings, jumpsuit, kaftan, "
    "kilt, kimono, lace dress, leotard, linen shirt, little black dress, long johns, maxi dress, mesh "
    "top, midi skirt, mom jeans, mules, nightgown, overalls, palazzo pants, pea coat, pencil skirt, "
    "peplum top, pinafore, playsuit, pleated skirt, poncho, ripped jeans, romper, sari, sarong, sheath "
    "dress, ski pants, skinny jeans, slip dress, smock, suspenders, swim shorts, swimsuit, tankini, "
    "tulle skirt, turtleneck, tuxedo, tweed jacket, waistcoat, wedding dress, wellington boots, wrap "
    "dress, wristband, yoga mat"
)
PURPOSES = (
    "the gym",
    "the office",
    "the beach",
    "a wedding",
    "winter",
    "summer",
    "kids",
    "running",
    "travel",
)


def general_phrases(seed: int, how_many: int = 5000) -> list[str]:
    """Random short texts, single words, and fashion words with colours and purposes."""
    random = np.random.default_rng(seed)
    known = towers.processor().tokenizer.get_vocab()
    plain = sorted(
        (word for word in known if word.isalpha() and word.isascii() and len(word) > 2), key=known.__getitem__
    )
    phrases = [" ".join(random.choice(plain, random.integers(1, 4))) for _ in range(how_many)]
    phrases += plain[2000:8000:2]
    colours = sorted({word for called in vocabulary.COLOURS.values() for word in words(called)})
    for word in [*_garments(), *words(OTHER_WORDS)]:
        phrases += [word, f"{random.choice(colours)} {word}", f"{word} for {random.choice(PURPOSES)}"]
    return phrases + colours


def _garments() -> list[str]:
    called = [*vocabulary.KINDS.values(), *(called for _, called in vocabulary.NARROWER.values())]
    return sorted({word for listed in called for word in words(listed)})


class ClassNames:
    """The names of the ImageNet classes that shops sell; several names of a class are averaged."""

    def __init__(self) -> None:
        self.classes = sorted(vocabulary.IMAGENET)
        named = [(row, word) for row, c in enumerate(self.classes) for word in words(vocabulary.IMAGENET[c])]
        self._rows = torch.tensor([row for row, _ in named])
        self._names = TokenStates([word for _, word in named])

    def through(self, text: TextNetwork) -> torch.Tensor:
        """(classes, 384) unit rows."""
        encoded = text(self._names.read(torch.arange(len(self._names))))
        summed = encoded.new_zeros(len(self.classes), encoded.shape[1]).index_add(0, self._rows, encoded)
        return functional.normalize(summed, dim=-1)
