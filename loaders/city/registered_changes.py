"""The feed of registered changes, told from what the city knows of former representatives and holders."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from loaders.city import config, names
from loaders.city.build import City
from loaders.city.columns import Column, Columns, as_column, flat, joined, nothing, picked
from loaders.city.feeds import Scribe, yuan
from loaders.city.streams import NEVER, Ints, between, choose, hits
from loaders.city.world import REPRESENTATIVE

HEADERS = ("企业名称", "统一社会信用代码", "变更事项", "变更前内容", "变更后内容", "变更日期")


def _rows(scribe: Scribe, firm: Ints, what: str, texts: tuple[Column, Column], when: Ints) -> pa.Table:
    item = picked([what], np.zeros(len(firm), dtype=np.int64))
    columns = [scribe.firm(firm), scribe.code(firm), item, *texts, scribe.dates(when)]
    return pa.table(columns, names=list(HEADERS))


def _representatives(scribe: Scribe) -> pa.Table:
    world = scribe.world.society
    gone = np.flatnonzero((world.posts.post == REPRESENTATIVE) & (world.posts.until < NEVER))
    firm = world.posts.firm[gone]
    texts = scribe.person(world.posts.person[gone]), scribe.person(world.representative[firm])
    return _rows(scribe, firm, "法定代表人变更", texts, world.posts.until[gone])


def _holders(scribe: Scribe) -> pa.Table:
    table = scribe.world.society.holds
    gone = np.flatnonzero(table.until < NEVER)
    key = table.firm * 100_000 + table.until % 100_000
    fresh = np.flatnonzero(table.since > scribe.world.firms.founded[table.firm])
    fresh_key = table.firm[fresh] * 100_000 + table.since[fresh] % 100_000
    order = np.argsort(fresh_key, kind="stable")
    at = np.minimum(np.searchsorted(fresh_key[order], key[gone]), max(len(fresh) - 1, 0))
    if not len(fresh):
        return _rows(scribe, gone, "投资人变更", (nothing(0),) * 2, gone)
    successor = fresh[order[at]]
    met = (table.firm[successor] == table.firm[gone]) & (table.since[successor] == table.until[gone])
    gone, successor = gone[met], successor[met]
    texts = (
        scribe.owner(table.kind[gone], table.owner[gone]),
        scribe.owner(table.kind[successor], table.owner[successor]),
    )
    return _rows(scribe, table.firm[gone], "投资人变更", texts, table.until[gone])


def _capital(scribe: Scribe) -> pa.Table:
    """Capital raised, and lowered mostly since 2024."""
    rng, firms = scribe.rng("capital changes"), scribe.world.firms
    size = len(firms)
    company = (firms.kind < config.INDIVIDUAL) & (firms.capital > 0)
    parts = []
    recent, old = config.AS_OF - 1040, config.AS_OF - 3600
    for what, low, chance in (
        (0, recent, config.REDUCTION_NOW * 2.85),
        (0, old, config.REDUCTION_BEFORE * 7),
        (1, old, 0.12),
    ):
        high = config.AS_OF - 1 if low == recent or what else recent
        firm = np.flatnonzero(company & hits(rng, chance, size))
        when = between(rng, np.maximum(firms.founded[firm] + 100, low), high, len(firm))
        fits = (when < np.minimum(firms.closed, firms.revoked)[firm]) & (when <= high)
        firm, when = firm[fits], when[fits]
        factor = np.array([2.0, 5.0, 10.0])[choose(rng, (5, 3, 2), len(firm))]
        before = firms.capital[firm] * factor if what == 0 else firms.capital[firm] / factor
        parts.append(_rows(scribe, firm, "注册资本变更", (yuan(before), yuan(firms.capital[firm])), when))
    return pa.concat_tables(parts)


def _names(scribe: Scribe) -> pa.Table:
    rng, firms = scribe.rng("name changes"), scribe.world.firms
    firm = np.flatnonzero((firms.kind < config.BRANCH) & hits(rng, 0.04, len(firms)))
    when = between(
        rng, np.maximum(firms.founded[firm] + 200, config.AS_OF - 3600), config.AS_OF - 30, len(firm)
    )
    fits = when < np.minimum(firms.closed, firms.revoked)[firm]
    firm, when = firm[fits], when[fits]
    former = names.firm_names(rng, firms.kind[firm], firms.industry[firm], firms.district[firm])
    former = joined("三门峡", names.shop_names(rng, firm % 7), former)
    return _rows(scribe, firm, "名称变更", (former, scribe.firm(firm)), when)


def _addresses(scribe: Scribe) -> pa.Table:
    rng, firms = scribe.rng("address changes"), scribe.world.firms
    firm = np.flatnonzero((firms.kind < config.INDIVIDUAL) & hits(rng, 0.06, len(firms)))
    when = between(
        rng, np.maximum(firms.founded[firm] + 200, config.AS_OF - 3600), config.AS_OF - 10, len(firm)
    )
    fits = when < np.minimum(firms.closed, firms.revoked)[firm]
    firm, when = firm[fits], when[fits]
    other = between(rng, 1, 420, len(firm))
    before = names.address_texts(firms.district[firm], (firms.street[firm] + 7) % 40, other, firms.room[firm])
    now = names.address_texts(firms.district[firm], firms.street[firm], firms.number[firm], firms.room[firm])
    return _rows(scribe, firm, "住所变更", (before, now), when)


def _planted(scribe: Scribe, city: City) -> pa.Table:
    told = city.cast.changes
    firm = np.array([c[0] for c in told], dtype=np.int64) + city.world.base_firms
    now = {"名称变更": scribe.firm(firm).to_pylist(), "住所变更": scribe.address(firm).to_pylist()}
    after = [now[c[1]][n] if c[1] in now else c[3] for n, c in enumerate(told)]
    columns = [
        scribe.firm(firm),
        scribe.code(firm),
        as_column([c[1] for c in told]),
        as_column([c[2] for c in told]),
        as_column(after),
        scribe.dates(np.array([c[4] for c in told], dtype=np.int64)),
    ]
    return pa.table(columns, names=list(HEADERS))


def registered_changes(scribe: Scribe, city: City) -> Columns:
    """All registered changes of ten years."""
    table = pa.concat_tables(
        [
            _representatives(scribe),
            _holders(scribe),
            _capital(scribe),
            _names(scribe),
            _addresses(scribe),
            _planted(scribe, city),
        ]
    )
    return {name: flat(table, name) for name in HEADERS}
