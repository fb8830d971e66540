"""The feeds: which columns each department delivers, made from the finished city."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from loaders.city import config, names
from loaders.city.columns import (
    Column,
    Columns,
    as_column,
    at,
    chained,
    either,
    joined,
    numbered,
    padded,
    picked,
    repeated,
    without_zeros,
)
from loaders.city.sharing import phone_numbers
from loaders.city.streams import NEVER, Bools, Floats, Ints, Rng, hits, stream
from loaders.city.syllables import WORDS
from loaders.city.world import PERSON, POSTS, REPRESENTATIVE, World

FIRST_DATE, LAST_DATE = -8000, 36_000


@dataclass
class Scribe:
    """Turns numbers of the city into the texts of its feeds."""

    world: World

    @cached_property
    def _dates(self) -> Column:
        days = np.arange(FIRST_DATE, LAST_DATE).astype("datetime64[D]")
        return as_column(np.datetime_as_string(days))

    def rng(self, name: str) -> Rng:
        """The stream of chance of one feed."""
        return stream(self.world.seed, f"feed {name}")

    def dates(self, days: Ints) -> Column:
        """ISO dates; a day that is never gives a missing value."""
        never = (days >= LAST_DATE) | (days < FIRST_DATE)
        return at(self._dates, np.where(never, 0, days - FIRST_DATE), known=~never)

    def firm(self, index: Ints) -> Column:
        """Names of firms."""
        return at(self.world.texts.firm, index)

    def code(self, index: Ints, where: Bools | None = None) -> Column:
        """Codes of firms, missing where not wanted."""
        mask = np.zeros(len(index), dtype=np.bool_) if where is None else ~where
        return at(self.world.texts.code, index, known=~mask)

    def address(self, index: Ints) -> Column:
        """Addresses of firms."""
        firms = self.world.firms
        places = firms.district[index], firms.street[index], firms.number[index], firms.room[index]
        return names.address_texts(*places)

    def person(self, index: Ints) -> Column:
        """Names of persons."""
        return at(self.world.texts.person, index)

    def citizen(self, index: Ints, known: Bools) -> Column:
        """Citizen numbers, missing where not known; those of planted persons are known everywhere."""
        told = known | (index >= self.world.base_persons)
        return at(self.world.texts.citizen, index, told)

    @cached_property
    def _former_boss(self) -> Ints:
        """The last former representative of each firm, -1 for none."""
        table = self.world.society.posts
        former = np.full(len(self.world.firms), -1)
        chosen = (table.post == REPRESENTATIVE) & (table.until < NEVER)
        former[table.firm[chosen]] = table.person[chosen]
        return former

    def boss(self, firm: Ints, day: Ints) -> Ints:
        """Who represented each firm on its day."""
        people = self.world.society
        earlier = (day < people.represents_since[firm]) & (self._former_boss[firm] >= 0)
        return np.where(earlier, self._former_boss[firm], people.representative[firm])

    def docs(self, pattern: str, start: Ints, serial: Ints) -> Column:
        """Document numbers: a pattern with the year and a serial number put in."""
        head, middle, tail = pattern.split("|")
        return joined(head, years(start), middle, numbered(serial), tail)

    def owner(self, kind: Ints, index: Ints) -> Column:
        """Names of owners of any kind."""
        return self._of_owner(
            kind, index, (self.world.texts.person, self.world.texts.firm, self.world.texts.away)
        )

    def owner_code(self, kind: Ints, index: Ints, known: Bools) -> Column:
        """Numbers or codes of owners of any kind, missing where not known."""
        texts = self.world.texts
        code = self._of_owner(kind, index, (texts.citizen, texts.code, texts.away_code))
        told = known | ((kind == PERSON) & (index >= self.world.base_persons))
        return either(told, code, None)

    def _of_owner(self, kind: Ints, index: Ints, columns: tuple[Column, ...]) -> Column:
        edges = np.cumsum([0, *(len(c) for c in columns)])
        return at(chained(*columns), edges[kind] + index)


def years(days: Ints) -> Column:
    """The calendar years of days."""
    return numbered(days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970)


def yuan(amount: Floats) -> Column:
    """Amounts with no more decimals than they have; NaN gives a missing value."""
    cents = np.round(np.nan_to_num(amount) * 100).astype(np.int64)
    whole, rest = cents // 100, cents % 100
    text = either(
        rest == 0,
        numbered(whole),
        joined(numbered(whole), ".", numbered(rest // 10), numbered(rest % 10)),
    )
    return either(np.isnan(amount), None, text)


def ten_thousands(amount: Floats) -> Column:
    """Amounts in 万元 with up to two decimals."""
    return yuan(amount / 10_000)


def percents(rng: Rng, percent: Floats, told: Bools) -> Column:
    """Stakes written as 51%, 51 or 0.51; small ones always with the sign, some not at all unless `told`."""
    count = len(percent)
    style = rng.random(count)
    text = yuan(percent)
    fraction = joined("0.", padded(numbered(np.round(percent * 100).astype(np.int64)), 4))
    fraction = without_zeros(fraction)
    plain = (percent > 1) & (percent < 100)
    text = either((style < 0.62) | ~plain, joined(text, "%"), text)
    text = either((style > 0.85) & plain, fraction, text)
    return either(hits(rng, 0.08, count) & ~told, None, text)


STATUS = ("存续（在营、开业、在册）", "存续", "在营（开业）企业", "开业", "吊销，未注销", "注销", "在业")
CERTIFICATES = ("居民身份证", "营业执照", "营业执照")
HOLDER_KINDS = ("自然人股东", "企业法人", "企业法人")


def statuses(rng: Rng, world: World, firm: Ints, day: int) -> Ints:
    """An index of STATUS for each firm on a day, in the variants that offices write."""
    usual = np.array([0, 1, 2, 3, 6])[np.minimum((rng.random(len(firm)) ** 2.2 * 5).astype(np.int64), 4)]
    revoked, closed = world.firms.revoked[firm] <= day, world.firms.closed[firm] <= day
    return np.where(closed, 5, np.where(revoked, 4, usual))


def registration(scribe: Scribe, firm: Ints, day: int, name: str) -> Columns:
    """The register of firms as it stands on a day."""
    world, rng, count = scribe.world, scribe.rng(name), len(firm)
    firms = world.firms
    boss = world.society.representative[firm]
    known = ~hits(
        stream(world.seed, "numbered representatives"), config.UNNUMBERED_REPRESENTATIVES, len(firms)
    )[firm]
    since = world.society.represents_since[firm]
    closed = np.where(firms.closed[firm] <= day, firms.closed[firm], NEVER)
    revoked = np.where(firms.revoked[firm] <= day, firms.revoked[firm], NEVER)
    district = firms.district[firm]
    sections = np.array(
        "5294 7299 4710 3099 0119 7590 5430 6510 8090 7010 6210 0690 7700 8800 6700 8300 8400 9000 4400".split()
    )
    letters = np.array([f"{letter}{code}" for letter, code in zip(config.INDUSTRIES, sections, strict=True)])
    offices = [f"{n if c != 411200 else '三门峡市'}市场监督管理局" for c, n, _ in config.DISTRICTS]
    sign = names.shop_names(rng, np.arange(count) % 97)
    return {
        "企业名称": scribe.firm(firm),
        "统一社会信用代码": scribe.code(firm),
        "注册号": at(world.texts.registration, firm),
        "法定代表人": scribe.person(boss),
        "法定代表人证件号码": scribe.citizen(boss, known),
        "法定代表人任职日期": scribe.dates(since),
        "企业类型": picked(config.TYPE_NAMES, firms.kind[firm]),
        "注册资本": either(firms.capital[firm] > 0, yuan(firms.capital[firm]), None),
        "实缴资本": yuan(firms.paid[firm]),
        "币种": repeated("人民币", count),
        "成立日期": scribe.dates(firms.founded[firm]),
        "核准日期": scribe.dates(np.maximum(since, firms.founded[firm])),
        "营业期限自": scribe.dates(firms.founded[firm]),
        "营业期限至": scribe.dates(np.where(hits(rng, 0.3, count), firms.founded[firm] + 7305, NEVER)),
        "登记机关": picked(offices, district),
        "登记状态": picked(STATUS, statuses(rng, world, firm, day)),
        "吊销日期": scribe.dates(revoked),
        "注销日期": scribe.dates(closed),
        "住所": scribe.address(firm),
        "行政区划": numbered(np.array([c for c, _, _ in config.DISTRICTS])[district]),
        "行业代码": picked(letters.tolist(), firms.industry[firm]),
        "经营范围": picked(
            [f"许可项目以外的{w.split()[0]}相关经营活动" for w in _scopes()], firms.industry[firm]
        ),
        "联系电话": numbered(phone_numbers(firms.phone[firm])),
        "字号": either(hits(rng, 0.04, count), sign, None),
    }


def _scopes() -> list[str]:
    return [WORDS[letter] for letter in config.INDUSTRIES]


def shareholders(scribe: Scribe, place: Ints, day: int, name: str) -> Columns:
    """Holdings (`place` in the table of holdings) as an office knows them on a day."""
    world, rng, count = scribe.world, scribe.rng(name), len(place)
    table = world.society.holds
    kind, owner, firm = table.kind[place], table.owner[place], table.firm[place]
    capital = world.firms.capital[firm] * table.percent[place] / 100
    paid = world.firms.paid[firm] * table.percent[place] / 100
    known = hits(
        stream(world.seed, "numbered holders"), np.array([0.8, 0.93, 1.0])[table.kind], len(table.kind)
    )[place]
    until = np.where(table.until[place] <= day, table.until[place] - 1, NEVER)
    share = percents(rng, table.percent[place], firm >= world.base_firms)
    return {
        "企业名称": scribe.firm(firm),
        "统一社会信用代码": scribe.code(firm),
        "股东名称": scribe.owner(kind, owner),
        "股东类型": picked(HOLDER_KINDS, kind),
        "证件类型": picked(CERTIFICATES, kind),
        "证件号码": scribe.owner_code(kind, owner, known),
        "认缴出资额": yuan(capital),
        "实缴出资额": yuan(paid),
        "出资比例": share,
        "表决权比例": either(hits(rng, 0.002, count), share, None),
        "出资方式": picked(
            ("货币", "货币", "实物", "知识产权"), (rng.random(count) ** 4 * 4).astype(np.int64)
        ),
        "认缴出资日期": scribe.dates(table.since[place] + 3650),
        "入股日期": scribe.dates(table.since[place]),
        "退出日期": scribe.dates(until),
    }


def managers(scribe: Scribe, place: Ints) -> Columns:
    """Posts, former representatives among them."""
    world, rng, count = scribe.world, scribe.rng("managers"), len(place)
    table = world.society.posts
    person, firm = table.person[place], table.firm[place]
    known = ~hits(rng, config.UNNUMBERED_MANAGERS, count)
    return {
        "企业名称": scribe.firm(firm),
        "统一社会信用代码": scribe.code(firm),
        "姓名": scribe.person(person),
        "职务": picked(POSTS, table.post[place]),
        "证件类型": repeated("居民身份证", count),
        "证件号码": scribe.citizen(person, known),
        "任职日期": scribe.dates(table.since[place]),
        "离任日期": scribe.dates(np.where(table.until[place] < NEVER, table.until[place] - 1, NEVER)),
    }


def contacts(scribe: Scribe, firm: Ints) -> Columns:
    """Telephones, mail and postal addresses."""
    world, rng, count = scribe.world, scribe.rng("contacts"), len(firm)
    phone = numbered(phone_numbers(world.firms.phone[firm]))
    mail = joined("kf", phone, "@example.com")
    return {
        "主体名称": scribe.firm(firm),
        "统一社会信用代码": scribe.code(firm),
        "联系电话": phone,
        "电子邮箱": either(hits(rng, 0.2, count), mail, None),
        "通信地址": scribe.address(firm),
        "登记日期": scribe.dates(world.firms.founded[firm]),
    }
