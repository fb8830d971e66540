"""Surnames, and whether a text looks like the name of a natural person."""

from __future__ import annotations

import re

from graph_service.text.normal import normalize_name

_COMPOUND_TEXT = """
欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔
申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正
宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 南荣 第五 纳兰 完颜
叶赫 那拉 耶律 贺兰 贺若 斛律 侯莫 豆卢 达奚 阿史 哥舒 归海 海牙 伊祁
"""
COMPOUND_SURNAMES = frozenset(_COMPOUND_TEXT.split())
"""Surnames of two characters."""

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤"
    "花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄"
    "米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万"
    "支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松"
    "井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰"
    "从鄂索咸籍赖卓蔺屠蒙池乔阴鬱胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏"
    "柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾"
    "辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦商牟佘佴"
    "伯赏墨哈谯笪年爱阳佟言福肖付代覃区仝邸原苑尧撒回朴火召种展战由户樵宾母同院员昂来补门禚木花亓苟虎次单于线代仵"
    "昌邝亢邓兰候冼麦揭岩初衣丛邹牙黑矫敬介信蹇台鹿英贠祖栗寸斯冶褟撖雒弥訾呙但盘闪药浮桓巨原可青"
)
"""Surnames of one character."""

_STRONG = re.compile(
    "公司|集团|企业|合作社|中心|银行|学校|法院|委员会|政府|机构|个体|经营|服务|工作室|商行|事务|有限|分行|支行"
)
_WEAK = re.compile("[厂店铺社院局会所馆行部站队场园坊庄房吧府台处科室校村区县市省乡镇街路堂楼城圈网]$")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_MINORITY = re.compile(r"[\u3400-\u9fff]{1,10}(?:·[\u3400-\u9fff]{1,10})+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'.-]+(?: [A-Za-z][A-Za-z'.-]*){1,4}")
_LATIN_ORGANISATION = re.compile(
    r"\b(?:ltd|inc|corp|co|company|limited|llc|gmbh|bank|group|plc|sa|ag)\b\.?", re.IGNORECASE
)


def surname(name: str) -> str:
    """The surname at the start of a Chinese name, two characters when it is a compound one; else empty.

    >>> surname("欧阳一"), surname("李二")
    ('欧阳', '李')
    """
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2]
    return name[:1] if name[:1] in SURNAMES else ""


def looks_like_person(name: str) -> bool:
    """Whether a text reads like the name of a natural person rather than of an organisation or a place.

    Two to four characters that begin with a surname (three to five with a compound one), names with a dot between
    their parts, and Latin names of two to five words. A guess: use it where a column does not say.

    >>> looks_like_person("李小明"), looks_like_person("三门峡甲商贸有限公司")
    (True, False)
    """
    text = normalize_name(name)
    if looks_like_organisation(name):
        return False
    if _CHINESE.fullmatch(text):
        return is_short_name(text)
    return bool(_MINORITY.fullmatch(text) or _LATIN.fullmatch(name.strip()))


def looks_like_organisation(name: str) -> bool:
    """Whether a text holds a word that only names of organisations hold, or ends like one.

    An ending of one character (店, 会, 城 …) does not count in a text that could be a surname and a given name of
    one or two characters: persons are called so too.
    """
    text = normalize_name(name)
    if _STRONG.search(text) or _LATIN_ORGANISATION.search(name):
        return True
    family = surname(text)
    return bool(_WEAK.search(text)) and not (family and 1 <= len(text) - len(family) <= 2)


def is_short_name(text: str) -> bool:
    """Whether a text is a surname with one to three more characters."""
    return bool(family := surname(text)) and 1 <= len(text) - len(family) <= 3
