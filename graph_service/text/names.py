"""The parts of an organisation's name: where it is registered, how it calls itself, its trade, its form."""

from __future__ import annotations

import re
from typing import NamedTuple

from graph_service.text.normal import name_stem, normalize_name

_INDUSTRY_TEXT = """
建筑装饰工程 建筑工程 市政工程 园林绿化 装饰工程 建筑劳务 房地产开发 物业管理 物业服务 企业管理咨询
企业管理 信息技术 信息科技 网络科技 电子商务 文化传媒 广告传媒 商贸 贸易 矿业 矿山 铝业 黄金 果业 果品
食品 餐饮管理 餐饮 酒店管理 酒店 农业科技 农业开发 农业 种植 养殖 畜牧 物流 运输 汽车销售 汽车服务 汽车
机械设备 机械 机电设备 机电 化工 医药 医疗器械 医疗 科技 技术 新能源 能源 电力 环保 建材 建设 置业 投资
担保 小额贷款 咨询 劳务 人力资源 教育 培训 服饰 纺织 家具 百货 超市 电器 电子 印刷 旅游 体育 通讯 通信
软件 广告 传媒 文化 实业 工贸 工程 销售 服务 开发 管理 发展 制造
"""
INDUSTRY_WORDS = tuple(_INDUSTRY_TEXT.split())
"""Words for a trade, as they end the part of a name before its legal form."""

_BY_LENGTH = sorted(INDUSTRY_WORDS, key=len, reverse=True)
_INDUSTRY = re.compile("(?:" + "|".join(_BY_LENGTH) + ")+$")
_PROVINCE = r"(?:中国|[\u4e00-\u9fff]{2,3}省|[\u4e00-\u9fff]{2,4}?自治区)?"
_CITY, _COUNTY = r"(?:[\u4e00-\u9fff]{2,4}?市)?", r"(?:[\u4e00-\u9fff]{1,3}?[县区旗](?!域))?"
_REGION = re.compile(_PROVINCE + _CITY + _COUNTY)


class NameParts(NamedTuple):
    """A normalised name in its parts; joined in this order they give the name again."""

    region: str
    core: str
    industry: str
    form: str


def name_parts(text: str, regions: tuple[str, ...] = ()) -> NameParts:
    """Split an organisation's name; `regions` are further place names (short forms such as 三门峡) to know.

    >>> name_parts("三门峡市湖滨区甲乙商贸有限公司")
    NameParts(region='三门峡市湖滨区', core='甲乙', industry='商贸', form='有限公司')
    """
    name = normalize_name(text)
    stem = name_stem(name)
    form = name[len(stem) :]
    region = _region(stem, regions)
    rest = stem[len(region) :]
    found = _INDUSTRY.search(rest)
    cut = found.start() if found and found.start() > 0 else len(rest)
    return NameParts(region, rest[:cut], rest[cut:], form)


def _region(stem: str, regions: tuple[str, ...]) -> str:
    known = max((r for r in regions if stem.startswith(r)), key=len, default="")
    found = _REGION.match(stem)
    written = found.group() if found else ""
    region = max(known, written, key=len)
    return region if len(region) < len(stem) else ""
