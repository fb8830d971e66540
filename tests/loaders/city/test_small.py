"""What every city holds, however small."""

from pathlib import Path

import pytest

from loaders.city import write_city
from loaders.template import load_templates
from tests.loaders.city.feeds import rows_of

WHO = {
    "dishonest_judgment_debtor": ("失信被执行人姓名/名称", "案号"),
    "consumption_restriction": ("被限制消费人员姓名/名称", "案号"),
    "enforcement": ("被执行人姓名/名称", "案号"),
    "abnormal_operation": ("企业名称", "列入文号"),
    "serious_violation": ("企业名称", "列入文号"),
    "administrative_penalty": ("行政相对人名称", "行政处罚决定书文号"),
    "tax_violation": ("纳税人名称", "处理决定文书号"),
    "wage_arrears": ("失信主体名称", "列入决定书文号"),
    "work_safety": ("单位名称", "决定文号"),
    "government_procurement": ("机构名称", "处罚文号"),
}
# labels are what learning makes of lists; the other two are whole data sets of their own
NOT_OF_A_CITY = {"labels", "finbench", "bods", "ftm"}


@pytest.fixture(scope="module", params=[(20, 2.25), (20, 0.0), (300, 2.25)], ids=str)
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    enterprises, individuals = request.param
    write_city(folder, enterprises, 3, individuals)
    return folder


def test_every_feed_is_delivered(small: Path) -> None:
    delivered = {p.name.rsplit("_", 1)[0] for p in (small / "feeds").iterdir()}
    assert delivered == set(load_templates()) - NOT_OF_A_CITY


def test_every_list_holds_at_least_three_firms(small: Path) -> None:
    for template, (name, document) in WHO.items():
        rows = rows_of(small, template)
        assert len({row[name].replace(" ", "") for row in rows}) >= 3, template
        assert len({row[document] for row in rows}) >= 3, template
