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
    return name[sum(map(len, _head(name))) :] or name


def _head(name: str) -> list[str]:
    """The places that a normalised name begins with."""
    rest = name
    found: list[str] = []
    while len(found) < _MOST:
        lengths = _lengths().get(rest[:_SHORTEST], ())
        length = next((n for n in lengths if rest[:n] in _places()), 0)
        if not length:
            break
        found.append(rest[:length])
        rest = rest[length:]
    return found


@cache
def _spelled_places() -> dict[str, tuple[str, ...]]:
    """The places behind each spelling, in pinyin or initials."""
    found: dict[str, list[str]] = {}
    for place in sorted(_places()):
        for spelled in {pinyin(place), pinyin_initials(place)}:
            found.setdefault(spelled, []).append(place)
    return {spelled: tuple(places) for spelled, places in found.items()}


def places_spelled(letters: str) -> tuple[str, ...]:
    """Places that are spelled so, in pinyin or in initials.

    >>> places_spelled("sanmenxia")
    ('三门峡',)
    """
    return _spelled_places().get(letters, ())


def places_cut(letters: str) -> list[tuple[tuple[str, ...], str]]:
    """What a query in pinyin or initials may be when it begins with a place: the places, and the rest.

    What is left of a place says something from two letters on.
    """
    spelled = _spelled_places()
    ends = range(_SHORTEST, len(letters) - _SHORTEST + 1)
    return [(spelled[letters[:n]], letters[n:]) for n in ends if letters[:n] in spelled]


def begins_with_one(name: str, places: tuple[str, ...]) -> bool:
    """Whether one of the places, with or without what kind of division it is, is among those a name begins with.

    >>> begins_with_one("河南省三门峡市澄岳建材有限公司", ("三门峡",)), begins_with_one("三门峡市商行", ("三门",))
    (True, False)
    """
    kinds = ("", *_SUFFIXES)
    return any(part == place + kind for part in _head(name) for place in places for kind in kinds)
