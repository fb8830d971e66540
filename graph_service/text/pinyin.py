"""Pinyin of names and its initials, fast enough for millions: one look-up per character, phrases first.

Readings of single characters come from pypinyin; a reading that company names use differently stands here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from pypinyin import lazy_pinyin

from graph_service.text.bigrams import searchable
from graph_service.text.surnames import COMPOUND_SURNAMES


def _readings(text: str) -> dict[str, str]:
    """Readings written as `characters=syllable+syllable`, separated by spaces."""
    pairs = (entry.split("=") for entry in text.split())
    return {characters: syllables.replace("+", " ") for characters, syllables in pairs}


_READINGS = _readings("""
行=hang 长=chang 晟=sheng 会=hui 堡=bao 藏=zang 泊=bo 翟=zhai 都=du 缪=miao 调=tiao 柏=bai 朴=pu 查=cha
澄=cheng
""")
_PHRASES = _readings("""
重庆=chong+qing 重组=chong+zu 重新=chong+xin 重阳=chong+yang 九重=jiu+chong 会计=kuai+ji 会稽=kuai+ji
音乐=yin+yue 乐器=yue+qi 乐团=yue+tuan 乐队=yue+dui 声乐=sheng+yue 厦门=xia+men 朝阳=chao+yang
朝天=chao+tian 成长=cheng+zhang 家长=jia+zhang 校长=xiao+zhang 增长=zeng+zhang 长子=zhang+zi
生长=sheng+zhang 行政=xing+zheng 行动=xing+dong 旅行=lv+xing 行走=xing+zou 行星=xing+xing 行者=xing+zhe
执行=zhi+xing 发行=fa+xing 步行=bu+xing 航行=hang+xing 知行=zhi+xing 出行=chu+xing 同行=tong+xing
人行=ren+xing 通行=tong+xing 调查=diao+cha 调研=diao+yan 调度=diao+du 调运=diao+yun 都市=du+shi
渑池=mian+chi 六安=lu+an 蚌埠=beng+bu 单县=shan+xian 东阿=dong+e 番禺=pan+yu 铅山=yan+shan 浚县=xun+xian
中牟=zhong+mu 尉氏=wei+shi 西藏=xi+zang 收藏=shou+cang 冷藏=leng+cang 储藏=chu+cang 珍藏=zhen+cang
仓储=cang+chu 便宜=pian+yi 传记=zhuan+ji 弹药=dan+yao 参茸=shen+rong 人参=ren+shen 海参=hai+shen
给水=ji+shui 供给=gong+ji 勘察=kan+cha 大夫=dai+fu 什锦=shi+jin 干部=gan+bu 银行=yin+hang 车行=che+hang
传奇=chuan+qi 还原=huan+yuan 种植=zhong+zhi 种子=zhong+zi 石油=shi+you 率先=shuai+xian 数据=shu+ju
校准=jiao+zhun 湖泊=hu+po 重工=zhong+gong
""")
_SURNAME_READINGS = _readings("""
单=shan 曾=zeng 盖=ge 解=xie 召=shao 仇=qiu 区=ou 查=zha 朴=piao 任=ren 尉=yu 种=chong 祭=zhai 缪=miao
乐=yue 覃=qin 单于=chan+yu 万俟=mo+qi 尉迟=yu+chi 长孙=zhang+sun 澹台=tan+tai 宿=su 华=hua 燕=yan
""")
_PHRASE = re.compile("|".join(sorted(_PHRASES, key=len, reverse=True)))


class _Syllables(dict[int, str]):
    """Reading of each character, looked up once; what has none stands for itself."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        reading = _READINGS.get(char) or "".join(lazy_pinyin(char)).replace("ü", "v")
        self[code] = reading if reading.isascii() else char
        return self[code]


class _Initials(_Syllables):
    """First letter of each character's reading."""

    def __missing__(self, code: int) -> str:
        self[code] = _SYLLABLES[code][:1]
        return self[code]


_SYLLABLES = _Syllables()
_INITIALS = _Initials()


def pinyin(name: str) -> str:
    """The name's syllables in one word, without tones; letters and digits as they are.

    >>> pinyin("三门峡市重庆面馆")
    'sanmenxiashichongqingmianguan'
    """
    return _PHRASE.sub(_phrase_syllables, searchable(name)).translate(_SYLLABLES)


def pinyin_initials(name: str) -> str:
    """The first letters of the name's syllables.

    >>> pinyin_initials("三门峡市重庆面馆")
    'smxscqmg'
    """
    return _PHRASE.sub(_phrase_initials, searchable(name)).translate(_INITIALS)


def person_pinyin(name: str) -> tuple[str, str]:
    """Pinyin and initials of a person's name; the surname is read as surnames are (单 shan, 曾 zeng).

    >>> person_pinyin("单小明")
    ('shanxiaoming', 'sxm')
    """
    kept = searchable(name)
    surname = next((s for s in (kept[:2], kept[:1]) if s in _SURNAME_READINGS), "")
    if kept[:2] in COMPOUND_SURNAMES and len(surname) < 2:
        surname = ""
    head, rest = _SURNAME_READINGS.get(surname, "").split(), kept[len(surname) :]
    return "".join(head) + rest.translate(_SYLLABLES), "".join(s[0] for s in head) + rest.translate(_INITIALS)


def pinyin_columns(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Pinyin and initials of many names of organisations at once, in their order: as one long text.

    `names` hold letters and digits only (`searchable`), so no line break.

    >>> pinyin_columns(["重庆面馆", "甲"])
    (['chongqingmianguan', 'jia'], ['cqmg', 'j'])
    """
    text = "\n".join(names)
    if not text:
        return [""] * len(names), [""] * len(names)
    spelled = _PHRASE.sub(_phrase_syllables, text).translate(_SYLLABLES)
    initials = _PHRASE.sub(_phrase_initials, text).translate(_INITIALS)
    return spelled.split("\n"), initials.split("\n")


@cache
def _joined(phrase: str) -> str:
    return _PHRASES[phrase].replace(" ", "")


@cache
def _first_letters(phrase: str) -> str:
    return "".join(s[0] for s in _PHRASES[phrase].split())


def _phrase_syllables(match: re.Match[str]) -> str:
    return _joined(match.group())


def _phrase_initials(match: re.Match[str]) -> str:
    return _first_letters(match.group())
