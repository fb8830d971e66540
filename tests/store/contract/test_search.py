"""Search finds whatever an entity is called; exact before prefix before inside, in business before closed."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_service.domain.facts import Fact, FactKind
from graph_service.store.base import GraphStore, SearchHit
from tests.loaders.small_city import code
from tests.store.contract.engines import ENGINES, examples
from tests.store.deliveries import HONOURS, REGISTRATION, Load, Row, alias, named, write_all

PARTS = ("三门峡", "曜川", "商贸", "有限", "公司", "甲")
QUERIES = ("三门峡", "曜川", "商贸", "有限", "有限公司", "三门峡曜川", "曜川商贸有限公司", "甲", "贸有")
WHY = ("exact", "prefix", "inside")
names = st.lists(st.sampled_from(PARTS), min_size=1, max_size=4).map("".join)


@dataclass(frozen=True)
class Firm:
    """A firm and all that it is or was called."""

    name: str
    former: tuple[str, ...]
    called_by_others: tuple[str, ...]
    in_business: bool

    def rank(self, text: str) -> tuple[int, bool] | None:
        """How well a text finds it, lower is better; None: not at all."""
        ways = [
            0 if text == name else 1 if name.startswith(text) else 2
            for name in (self.name, *self.former, *self.called_by_others)
            if text in name and (len(text) > 1 or name.startswith(text))
        ]
        return (min(ways), not self.in_business) if ways else None


firms = st.builds(
    Firm, names, st.lists(names, max_size=3).map(tuple), st.lists(names, max_size=1).map(tuple), st.booleans()
)


def firm_id(n: int) -> str:
    return f"uscc:{code(n)}"


def register(world: Sequence[Firm]) -> list[Load]:
    """Deliveries that say all this."""
    own, others = [], []
    for n, firm in enumerate(world):
        own.append(named(REGISTRATION, firm_id(n), firm.name, in_business=firm.in_business))
        own += [alias(firm_id(n), "former_name", former, None, 9) for former in dict.fromkeys(firm.former)]
        others += [named(HONOURS, firm_id(n), name) for name in firm.called_by_others]
    return [Load("own", REGISTRATION, _lined(own)), Load("others", HONOURS, _lined(others))]


def _lined(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(Row(row.fact, line=n) for n, row in enumerate(rows, 2))


def rank_of(hit: SearchHit) -> tuple[int, bool]:
    return WHY.index(hit.why), not hit.in_business


@pytest.mark.parametrize("engine", list(ENGINES))
def test_hits_are_the_best_ones_in_order_at_every_limit(engine: str) -> None:
    @settings(max_examples=examples(engine, 8))
    @given(st.lists(firms, min_size=1, max_size=12))
    def check(world: list[Firm]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = ENGINES[engine](Path(folder))
            write_all(store, register(world))
            view = store.view()
            for text in QUERIES:
                wanted = {firm_id(n): rank for n, firm in enumerate(world) if (rank := firm.rank(text))}
                for limit in (1, 2, 5, 50):
                    hits = view.search(text, limit)
                    assert [rank_of(hit) for hit in hits] == sorted(wanted.values())[:limit], (text, limit)
                    assert all(wanted[hit.id] == rank_of(hit) for hit in hits)
            store.close()

    check()


TOWN = (
    named(REGISTRATION, firm_id(1), "河南省三门峡市曜川建材有限公司", in_business=True),
    alias(firm_id(1), "former_name", "三门峡老字号商行", None, 9),
    alias(firm_id(1), "regno", "411202000012345"),
    alias(firm_id(1), "org_code", "MA40AB121"),
    alias(firm_id(1), "trade_name", "曜川壹号"),
    named(REGISTRATION, firm_id(2), "三门峡市曜川建材有限公司灵宝分公司", in_business=False),
    named(REGISTRATION, "person:" + "a" * 32, "欧阳建国"),
    Row(Fact("registration", FactKind.LOCATED_AT, firm_id(1), "address:湖滨区大岭路1号")),
    Row(Fact("registration", FactKind.REACHED_AT, firm_id(1), "contact:03981234567")),
)
FIRM, PERSON = firm_id(1), "person:" + "a" * 32


@pytest.fixture
def town(store: GraphStore) -> GraphStore:
    write_all(store, [Load("town", REGISTRATION, _lined(list(TOWN)))])
    return store


@pytest.mark.parametrize(
    ("text", "entity", "why", "matched"),
    [
        ("河南省三门峡市曜川建材有限公司", FIRM, "exact", "name"),
        ("河南省（三门峡市）曜川", FIRM, "inside", "name"),
        ("河南省三门峡", FIRM, "prefix", "name"),
        ("老字号", FIRM, "inside", "former_name"),
        ("三门峡老字号商行", FIRM, "exact", "former_name"),
        ("411202000012345", FIRM, "exact", "code"),
        ("ma40ab121", FIRM, "exact", "code"),
        (code(1), FIRM, "exact", "code"),
        (code(1).lower(), FIRM, "exact", "code"),
        (code(1)[:6], FIRM, "prefix", "code"),
        (code(1)[:17].lower(), FIRM, "prefix", "code"),
        ("曜川壹号", FIRM, "exact", "alias"),
        ("建材", FIRM, "inside", "name"),
        ("大岭路", "address:湖滨区大岭路1号", "inside", "address"),
        ("湖滨区大岭路1号", "address:湖滨区大岭路1号", "exact", "address"),
        ("03981234567", "contact:03981234567", "exact", "contact"),
        ("0398", "contact:03981234567", "prefix", "contact"),
        ("yaochuan", FIRM, "prefix", "pinyin"),
        ("ycjc", FIRM, "prefix", "initials"),
        ("smxycjc", FIRM, "prefix", "initials"),
        ("sanmenxiayaochuan", FIRM, "prefix", "pinyin"),
        ("smycjc", None, "", ""),
        ("ouyang", PERSON, "prefix", "pinyin"),
        ("OYJG", PERSON, "prefix", "initials"),
        ("欧阳", PERSON, "prefix", "name"),
        ("建国", PERSON, "inside", "name"),
        ("没有", None, "", ""),
        ("川", None, "", ""),
        ("", None, "", ""),
        ("…", None, "", ""),
    ],
)  # fmt: skip
def test_an_entity_is_found_by_whatever_it_is_called(
    text: str, entity: str | None, why: str, matched: str, town: GraphStore
) -> None:
    hits = town.view().search(text)
    found = (hits[0].id, hits[0].why, hits[0].matched) if hits else (None, "", "")
    assert found == (entity, why, matched)


def test_a_part_of_nearly_all_names_finds_firms_in_business_first_at_a_small_limit(store: GraphStore) -> None:
    closed = [Firm(f"三门峡{n}号有限公司", (f"旧{n}有限公司",), (), in_business=False) for n in range(300)]
    trading = [Firm(f"灵宝{n}号有限公司", (f"老{n}有限公司",), (), in_business=True) for n in range(30)]
    write_all(store, register([*closed, *trading]))
    view = store.view()
    for limit in (5, 30):
        hits = view.search("有限", limit)
        assert len({hit.id for hit in hits}) == limit
        assert all(hit.in_business for hit in hits)
    assert [hit.in_business for hit in view.search("有限", 40)] == [True] * 30 + [False] * 10
    assert {hit.why for hit in view.search("三门峡", 300)} == {"prefix"}


def test_letters_that_spell_a_place_find_the_firms_there_before_persons_called_like_its_end(
    store: GraphStore,
) -> None:
    people = [
        named(REGISTRATION, f"person:{n:032x}", name) for n, name in enumerate(("夏明", "夏建国", "宋明轩"))
    ]
    there = named(REGISTRATION, firm_id(1), "三门峡市曜川建材有限公司", in_business=False)
    elsewhere = named(REGISTRATION, firm_id(2), "灵宝市夏氏果业有限公司", in_business=True)
    write_all(store, [Load("place", REGISTRATION, _lined([*people, there, elsewhere]))])
    view = store.view()
    for text in ("sanmenxia", "sanmenxiashi", "SanMenXia"):
        assert [hit.id for hit in view.search(text)] == [firm_id(1)], text
    assert [hit.id for hit in view.search("smx")] == [firm_id(1), f"person:{2:032x}"]
    assert {hit.id for hit in view.search("xia")} == {firm_id(2), f"person:{0:032x}", f"person:{1:032x}"}


def test_the_first_digits_of_a_code_find_firms_in_business_first(store: GraphStore) -> None:
    closed, trading = (
        [Firm(f"{sort}{n}有限公司", (), (), in_business=sort == "营") for n in range(5)] for sort in "闭营"
    )
    write_all(store, register([*closed, *trading]))
    hits = store.view().search(code(0)[:8], 7)
    assert [(hit.why, hit.matched) for hit in hits] == [("prefix", "code")] * 7
    assert [hit.in_business for hit in hits] == [True] * 5 + [False] * 2
