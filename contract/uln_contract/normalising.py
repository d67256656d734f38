"""A name reduced to what is compared (domain §5), and the parts of a double-barrelled one [O]."""

import re
from functools import lru_cache

from anyascii import anyascii

_NOT_COMPARED = re.compile(r"[^a-z0-9]+")
_SEPARATORS = re.compile(r"[\s-]+")
_REMEMBERED = 16_384

# "Mc Donald" and "O Brien" are one part, as "McDonald" and "O'Brien" are.
_BOUND_TO_NEXT = frozenset({"d", "fitz", "mac", "mc", "o", "st"})

# Words that stand in many people's names and so never are a part that identifies one of them.
_PARTICLES = frozenset(
    {
        *("ab", "ap", "ferch", "ni", "nic"),
        *("abu", "al", "bin", "bint", "binte", "e", "el", "ibn", "ud", "ul", "ur"),
        *("da", "dal", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "i", "y", "zu"),
        *("la", "las", "le", "les", "los", "of", "san", "santa", "ten", "ter", "the", "van", "von"),
    }
)


@lru_cache(maxsize=_REMEMBERED)
def normalise(name: str) -> str:
    """Give the name as it is compared: accents and letters folded to ASCII, case folded, letters and digits only.

    Domain §5 [O]: ``anyascii`` first, so that Ł, ø and đ fold too. A name without any letter or digit gives "".
    """
    return _NOT_COMPARED.sub("", _folded(name))


@lru_cache(maxsize=_REMEMBERED)
def parts(name: str) -> frozenset[str]:
    """Give every part of a double-barrelled name, normalised; nothing for a name of one part.

    Parts are what hyphens and spaces separate, and neighbouring parts together ("de la Cruz" of "Mary de la
    Cruz"). Single letters and words like "van" or "bin" alone are no part.
    """
    words = _words(name)
    runs = (
        words[start:end]
        for start in range(len(words))
        for end in range(start + 1, len(words) + 1)
        if end - start < len(words)
    )
    return frozenset("".join(run) for run in runs if _identifies(run))


def _folded(name: str) -> str:
    return (name if name.isascii() else anyascii(name)).casefold()


def _words(name: str) -> list[str]:
    words: list[str] = []
    bound = ""
    for piece in _SEPARATORS.split(_folded(name)):
        word = bound + _NOT_COMPARED.sub("", piece)
        bound = word if word in _BOUND_TO_NEXT else ""
        if word and not bound:
            words.append(word)
    return [*words, bound] if bound else words


def _identifies(run: list[str]) -> bool:
    return any(len(word) > 1 and word not in _PARTICLES for word in run)
