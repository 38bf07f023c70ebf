"""Texts beside the captions: ordinary phrases to retain, and the names of ImageNet classes."""

import numpy as np
import torch
from torch.nn import functional

from training.captions.truth import split_names
from training.captions.vocabulary.colours import COLOURS
from training.captions.vocabulary.details import DETAILS
from training.captions.vocabulary.imagenet import CLASSES
from training.captions.vocabulary.kinds import KINDS
from training.network import towers
from training.network.text_network import TextNetwork, TokenStates

# Words of fashion that no caption uses; training must not move them from where MiniLM has them.
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


def general_phrases(seed: int, count: int = 5000) -> list[str]:
    """Random short texts, single words, and fashion words with colours and purposes."""
    random = np.random.default_rng(seed)
    known = towers.processor().tokenizer.get_vocab()
    plain = sorted(
        (word for word in known if word.isalpha() and word.isascii() and len(word) > 2), key=known.__getitem__
    )
    # An array, for choice would make one of a list at each call, half a minute in all.
    words = np.array(plain)
    phrases = [" ".join(random.choice(words, random.integers(1, 4))) for _ in range(count)]
    phrases += plain[2000:8000:2]
    colours = sorted({word for called in COLOURS.values() for word in split_names(called)})
    for word in [*_garments(), *split_names(OTHER_WORDS)]:
        phrases += [word, f"{random.choice(colours)} {word}", f"{word} for {random.choice(PURPOSES)}"]
    return phrases + colours


def _garments() -> list[str]:
    called = [*KINDS.values(), *(called for _, called in DETAILS.values())]
    return sorted({word for listed in called for word in split_names(listed)})


class ClassNames:
    """The names of the ImageNet classes that shops sell; the vectors of a class's names are averaged."""

    def __init__(self) -> None:
        self.classes = sorted(CLASSES)
        named = [(row, word) for row, c in enumerate(self.classes) for word in split_names(CLASSES[c])]
        self._rows = torch.tensor([row for row, _ in named])
        self._names = TokenStates([word for _, word in named])

    def encode(self, text: TextNetwork) -> torch.Tensor:
        """(classes, 384) unit rows."""
        encoded = text(self._names.read(torch.arange(len(self._names))))
        summed = encoded.new_zeros(len(self.classes), encoded.shape[1]).index_add(0, self._rows, encoded)
        return functional.normalize(summed, dim=-1)
