"""A small town in which everything happens that the drawing and the page's queries have to get right."""

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from graph_service.domain.facts import Fact, FactKind
from graph_service.domain.identifiers import name_id
from graph_service.domain.intervals import to_day
from graph_service.store.base import REJECT_SCHEMA, Source, place_for_one
from graph_service.store.neo4j import Neo4jStore
from graph_service.text.normal import normalize_name
from tests.loaders.small_city import code
from tests.store.deliveries import (
    PENALTIES,
    REGISTRATION,
    SHAREHOLDERS,
    Load,
    Row,
    alias,
    fill,
    holds,
    named,
    person_at,
    record,
    represents,
    write,
)

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "neo4j-schema.md").read_text("utf-8")
DAY = to_day(date(2024, 10, 4))
AFTER_ALL = 10**7
EXITS, REPORTS, OTHERS = (
    Source("list_exits", 40),
    Source("annual_reports", 50),
    Source("agreements", 25, department="某局"),
)


JIA, YI, BING, DING, WU, BRANCH = (f"uscc:{code(n)}" for n in range(1, 7))
SHOP, BUREAU = f"uscc:92{code(7)[2:]}", f"uscc:11{code(8)[2:]}"
NAMES = {
    JIA: "三门峡甲商贸有限公司", YI: "三门峡乙建材有限公司", BING: "三门峡丙控股有限公司", DING: "三门峡丁运输有限公司",
    WU: "三门峡戊建材机械有限公司", BRANCH: "三门峡乙建材有限公司灵宝分公司", SHOP: "湖滨区己餐馆", BUREAU: "某局",
}  # fmt: skip
BY_NAME = name_id(normalize_name(NAMES[WU]))
ONE, TWO, THREE = (f"person:{pair * 16}" for pair in ("a1", "b2", "c3"))
IN_DING = person_at(DING, "张三")
HOME, AGENT, PHONE = "address:湖滨区甲路1号", "contact:0398-1234567", "contact:0398-7654321"
EARLY = to_day(date(2021, 1, 1))


def said(source: Source, kind: FactKind, subject: str, object_: str, **more: Any) -> Row:
    """A relation as a source gives it, where only one is there at a time when it is an address or a telephone."""
    is_one = kind in {FactKind.LOCATED_AT, FactKind.REACHED_AT}
    scope = place_for_one(kind, more.get("role"), subject) if is_one else None
    return Row(Fact(source.name, kind, subject, object_, **more), scope)


def told(entity: str, document: str, role: str, start: date, **more: Any) -> Row:
    """A record of a kind, from a day on."""
    return record(entity, document, role=role, valid_from=to_day(start), name="某机关", **more)


def ends(entity: str, event: str, kind: str, document: str, day: date) -> Row:
    """What became of a record."""
    part = f"{kind}|{document}|{day}"
    return Row(Fact(EXITS.name, FactKind.EXIT, entity, role=event, part=part, valid_from=to_day(day)))


def registered() -> dict[str, object]:
    """Every attribute that the built-in feeds give an enterprise."""
    texts = {key: "2015-01-01" if key in {"founded", "closed"} else "-" for key in fed_attributes()}
    return {**texts, "capital": 1_000_000.0, "paid_in": 500_000.0, "in_business": True, "status": "存续"}


def fed_attributes() -> set[str]:
    """What the built-in templates' profiles say."""
    found: set[str] = set()
    for path in (ROOT / "loaders" / "templates").glob("*.toml"):
        facts = tomllib.loads(path.read_text("utf-8")).get("facts", [])
        found |= {key for fact in facts if fact["kind"] == "profile" for key in fact.get("attrs", {})}
    return found


REGISTER = Load(
    "register",
    REGISTRATION,
    (
        named(REGISTRATION, JIA, NAMES[JIA], **registered()),
        *(named(REGISTRATION, e, name, in_business=e != DING) for e, name in NAMES.items() if e != JIA),
        alias(DING, "former_name", "三门峡丁建材有限公司"), alias(JIA, "shop_sign", "甲记"),
        named(REGISTRATION, ONE, "张三", masked="4112**********0011", candidate=["6:" + "ab" * 16]),
        named(REGISTRATION, TWO, "李四"), named(REGISTRATION, THREE, "王五"), named(REGISTRATION, IN_DING, "张三"),
        represents(ONE, JIA), represents(TWO, YI), represents(THREE, BING), represents(IN_DING, DING),
        *(said(REGISTRATION, FactKind.LOCATED_AT, e, HOME, role="registered") for e in (JIA, DING)),
        *(said(REGISTRATION, FactKind.REACHED_AT, e, AGENT, role="telephone") for e in (JIA, YI, BING, WU)),
        said(REGISTRATION, FactKind.REACHED_AT, DING, PHONE, role="telephone"),
    ),
    date=to_day(date(2020, 1, 1)),
)  # fmt: skip
STAYING = (
    holds(ONE, JIA, 0.6), holds(YI, JIA, 0.4), holds(BING, YI, 0.2), holds(THREE, BING, 0.9), holds(JIA, BING, 0.1),
    holds(ONE, DING, 0.2), holds(SHOP, DING, 0.8, valid_from=to_day(date(2019, 5, 1))),
)  # fmt: skip
FIRMS = (JIA, YI, BING, DING)
JANUARY = Load(
    "owners in January", SHAREHOLDERS, (*STAYING, holds(TWO, YI, 0.7), holds(THREE, YI, 0.1)), "snapshot",
    to_day(date(2023, 1, 31)), FIRMS,
)  # fmt: skip
JUNE = Load(
    "owners in June", SHAREHOLDERS, (*STAYING, replace(holds(TWO, YI, 0.8), line=7)), "snapshot",
    to_day(date(2023, 6, 30)), FIRMS,
)  # fmt: skip
JULY = replace(JUNE, batch="owners in July", date=to_day(date(2023, 7, 31)))
REPORT = Load(
    "report", REPORTS, (said(REPORTS, FactKind.HOLDS, ONE, JIA, share=0.55, votes=0.5, amount=550_000.0),)
)
GUARANTEE, CONTRACT = FactKind.GUARANTEES, {"part": "保1号", "attrs": '{"manner":"连带"}'}
AGREEMENTS = Load(
    "agreements",
    OTHERS,
    (
        *(said(OTHERS, GUARANTEE, a, b, amount=n * 1e6, **CONTRACT)
          for n, (a, b) in enumerate(((JIA, YI), (YI, WU), (WU, JIA), (WU, DING)), 1)),
        said(OTHERS, FactKind.MANAGES, TWO, JIA, role="监事", valid_to=to_day(date(2052, 1, 1))),
        said(OTHERS, FactKind.MANAGES, TWO, DING, role="监事", valid_to=to_day(date(2022, 1, 1))),
        said(OTHERS, FactKind.BRANCH_OF, BRANCH, YI), said(OTHERS, FactKind.PLEDGES, BING, YI, amount=2e6, part="质1号"),
        said(OTHERS, FactKind.CONTROLS_BY_AGREEMENT, THREE, DING), said(OTHERS, FactKind.ACTS_IN_CONCERT, TWO, THREE),
        said(OTHERS, FactKind.KIN_OF, ONE, TWO), said(OTHERS, FactKind.LOCATED_AT, BUREAU, "address:某路9号"),
    ),
)  # fmt: skip
RENEWED = Load(
    "renewed", OTHERS,
    (
        said(OTHERS, GUARANTEE, JIA, YI, amount=1.5e6, available_from=DAY, valid_to=to_day(date(2052, 1, 1)), **CONTRACT),
        said(OTHERS, FactKind.MANAGES, TWO, JIA, role="监事", share=0.1, votes=0.1),
    ),
    date=DAY - 60,
)  # fmt: skip
DEBT, LIST, FINE = "dishonest_judgment_debtor", "serious_violation", "administrative_penalty"
RECORDS = Load(
    "records",
    PENALTIES,
    (
        told(JIA, "甲1号", DEBT, date(2020, 3, 1), amount=80_000.0, attrs='{"court":"某法院"}',
             valid_to=to_day(date(2052, 1, 1))),
        named(PENALTIES, BY_NAME, NAMES[WU]), told(BY_NAME, "戊1号", LIST, date(2022, 3, 1)),
        told(DING, "丁1号", LIST, date(2022, 3, 1)), told(YI, "乙1号", FINE, date(2022, 3, 1)),
        told(YI, "乙2号", DEBT, date(2022, 3, 1)), told(BING, "丙1号", LIST, date(2022, 3, 1)),
        told(BING, "丙2号", LIST, date(2020, 3, 1), valid_to=to_day(date(2021, 3, 1))),
        told(BING, "丙3号", LIST, date(2025, 3, 1)),
        told(SHOP, "己1号", "complaint", date(2022, 3, 1), attrs='{"nature":"unverified"}'),
    ),
)  # fmt: skip
EXITING = Load(
    "exits",
    EXITS,
    (
        ends(DING, "objected", LIST, "丁1号", date(2023, 1, 1)),
        ends(YI, "suspended", FINE, "乙1号", date(2023, 1, 1)),
        ends(YI, "repaired", DEBT, "乙2号", date(2023, 1, 1)),
        ends(BING, "revoked", LIST, "丙1号", date(2023, 1, 1)),
    ),
)
WRONG = Load("wrong", REGISTRATION, (named(REGISTRATION, DING, "三门峡错名有限公司"),), date=DAY - 90)
LOADS = (JANUARY, JUNE, JULY, REPORT, AGREEMENTS, RENEWED, RECORDS, EXITING, WRONG)
HUB = Fact("officer", FactKind.HUB, AGENT, role="agent", attrs='{"reason":"an agent"}')
NEW = f"uscc:{code(9)}"
NEXT = Load(
    "next", SHAREHOLDERS, (holds(TWO, JIA, 1.0), holds(NEW, YI, 0.1), holds(TWO, YI, 0.9)), "snapshot",
    to_day(date(2024, 1, 1)), FIRMS,
)  # fmt: skip


def settle_in(store: Neo4jStore) -> None:
    """The whole town, with a delivery that was withdrawn and an officer's word."""
    with store.writer() as writer:
        with writer.delivery(REGISTER.header) as delivery:
            fill(delivery, REGISTER)
            kept = dict.fromkeys(REJECT_SCHEMA.names, "…") | {"file": 0, "line": 40}
            delivery.rejects(pa.Table.from_pylist([kept], schema=REJECT_SCHEMA))
            delivery.notes(pa.Table.from_pylist([kept], schema=REJECT_SCHEMA))
            delivery.apply()
            delivery.commit("{}")
        for load in LOADS:
            write(writer, load)
        writer.settle()
        writer.withdraw(WRONG.batch)
        writer.decide([HUB])
        writer.settle()
