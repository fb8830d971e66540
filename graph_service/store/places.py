"""Names of places at the head of firms' names: most users leave them out when they type pinyin."""

from functools import cache

from graph_service.domain.identifiers import known_divisions
from graph_service.text.normal import normalize_name
from graph_service.text.pinyin import pinyin, pinyin_initials

_SUFFIXES = ("自治区", "自治州", "自治县", "地区", "省", "市", "县", "区", "盟", "旗")
_SHORTEST, _MOST = 2, 3


@cache
def _places() -> frozenset[str]:
    """Names of divisions, with and without what kind of division they are."""
    names = {normalize_name(division.name) for division in known_divisions()}
    short = {name.removesuffix(s) for name in names for s in _SUFFIXES if name.endswith(s)}
    return frozenset(n for n in names | short if len(n) >= _SHORTEST)


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """For the first two characters of a place: how long the places are that begin so, the longest first."""
    found: dict[str, set[int]] = {}
    for place in _places():
        found.setdefault(place[:_SHORTEST], set()).add(len(place))
    return {head: tuple(sorted(lengths, reverse=True)) for head, lengths in found.items()}


def without_place(name: str) -> str:
    """A normalised name without the places that it begins with; a name that is only places stays whole.

    >>> without_place("河南省三门峡市澄岳建材有限公司")
    '澄岳建材有限公司'
    """
    rest = name
    for _ in range(_MOST):
        lengths = _lengths().get(rest[:_SHORTEST])
        found = next((n for n in lengths if rest[:n] in _places()), 0) if lengths else 0
        if not found:
            break
        rest = rest[found:]
    return rest or name


@cache
def _spelled_places() -> frozenset[str]:
    places = _places()
    return frozenset(pinyin(p) for p in places) | frozenset(pinyin_initials(p) for p in places)


def spellings_without_place(letters: str) -> list[str]:
    """What a query in pinyin or initials may be without a place at its head, the query itself first.

    What is left of a place says something from two letters on.
    """
    spelled = _spelled_places()
    cuts = [letters[n:] for n in range(_SHORTEST, len(letters) - _SHORTEST + 1) if letters[:n] in spelled]
    return [letters, *cuts]
