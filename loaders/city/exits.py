"""The feed of repairs, revocations, objections and suspensions, matched to records by their document numbers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from loaders.city.build import City
from loaders.city.chronicle import Chronicle
from loaders.city.columns import Columns, at, flat, picked
from loaders.city.config import AS_OF
from loaders.city.feeds import Scribe
from loaders.city.more_records import BUILDERS
from loaders.city.streams import NEVER, between, hits

LISTS = {
    "dishonest_judgment_debtor": ("失信被执行人", "案号"),
    "serious_violation": ("严重违法失信", "列入文号"),
    "tax_violation": ("重大税收违法失信", "处理决定文书号"),
    "wage_arrears": ("拖欠农民工工资", "列入决定书文号"),
    "work_safety": ("安全生产严重失信", "决定文号"),
    "government_procurement": ("政府采购严重违法失信", "处罚文号"),
    "administrative_penalty": ("行政处罚", "行政处罚决定书文号"),
}
HEADERS = ("名单类别", "主体名称", "统一社会信用代码", "文书号", "事由", "日期")


def _of_list(scribe: Scribe, city: City, kind: str) -> pa.Table:
    title, header = LISTS[kind]
    past: Chronicle = city.past.chronicle
    table = past.of(kind)
    document = BUILDERS[kind][1](scribe, table)[header]
    rng = scribe.rng(f"exits {kind}")
    over = np.flatnonzero((table.exit < NEVER) & (table.how > 0))
    open_ones = np.flatnonzero(
        table.in_force(AS_OF) & (table.start < AS_OF - 40) & (table.firm < city.world.base_firms)
    )
    asked = open_ones[hits(rng, 0.02, len(open_ones))]
    asked_on = between(rng, np.maximum(table.start[asked] + 5, AS_OF - 60), AS_OF - 2, len(asked))
    answered = asked[: len(asked) // 2]
    answer_on = np.minimum(asked_on[: len(answered)] + 7, AS_OF - 1)
    told = [(f + city.world.base_firms, d) for k, f, _, d in city.cast.exits if k == kind]
    planted = np.array([np.flatnonzero(table.firm == f)[0] for f, _ in told], dtype=np.int64)
    asked = np.concatenate([asked, planted])
    asked_on = np.concatenate([asked_on, np.array([d for _, d in told], dtype=np.int64)])
    place = np.concatenate([over, asked, answered])
    reason = np.concatenate([table.how[over] - 1, np.full(len(asked), 2), np.full(len(answered), 3)])
    when = np.concatenate([table.exit[over], asked_on, answer_on])
    count = len(place)
    columns = [
        picked([title], np.zeros(count, dtype=np.int64)),
        scribe.firm(table.firm[place]),
        scribe.code(table.firm[place]),
        at(document, place),
        picked(("修复", "撤销", "异议", "异议终结"), reason),
        scribe.dates(when),
    ]
    return pa.table(columns, names=list(HEADERS))


def exits(scribe: Scribe, city: City) -> Columns:
    """All exits from the lists."""
    table = pa.concat_tables([_of_list(scribe, city, kind) for kind in LISTS])
    return {name: flat(table, name) for name in HEADERS}
