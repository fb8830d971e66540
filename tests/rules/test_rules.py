from datetime import date
from pathlib import Path

import pytest

from graph_service.domain.errors import RulesError
from graph_service.domain.facts import RELATIONS, label
from graph_service.domain.intervals import to_day
from graph_service.domain.sanctions import ExitEvent
from graph_service.rules import Rules, load_rules
from graph_service.rules.loading import BUILT_IN

LISTED = {
    "dishonest_judgment_debtor", "serious_violation", "tax_violation", "wage_arrears", "work_safety",
    "government_procurement", "blocked",
}  # fmt: skip
ADVERSE = LISTED | {
    "consumption_restriction", "abnormal_operation", "administrative_penalty", "enforcement", "enforcement_closed",
    "tax_arrears", "tax_nonnormal", "bankruptcy", "equity_freeze", "equity_pledge", "chattel_mortgage",
    "commitment_breach",
}  # fmt: skip
NEUTRAL = {
    "lawsuit", "licence", "loan", "inspection", "annual_report", "liquidation_notice", "complaint",
}  # fmt: skip
POSITIVE = {"honour", "tax_credit_a"}
NEW_KIND = """
[[kind]]
code = "food_safety"
title_zh = "食品安全严重失信"
title_en = "food-safety list"
grade = "serious"
listed = true
sign = "adverse"
nature = "decided"
term_months = 36
citation = "国市监食"
confirmed = "?"
"""
NEW_THRESHOLD = """
[[threshold]]
code = "beneficial_owner"
value = 0.1
unit = "share"
title_zh = "受益所有人"
title_en = "beneficial owner"
citation = "本局试点"
confirmed = "K"
"""
LOST_HUB = """
[[rule]]
code = "r"
threshold = "none"
reason_zh = "x"
reason_en = "x"
citation = "x"
confirmed = "K"
"""
TWO_CODES = """
citation = "x"
confirmed = "K"
[[entry]]
code = "a"
title_zh = "A"
variants = ["1"]
[[entry]]
code = "b"
title_zh = "B"
variants = ["１"]
"""


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def overlay(folder: Path, name: str, text: str) -> Rules:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return load_rules(folder)


def test_every_kind_of_the_contract_is_there_with_its_sign(rules: Rules) -> None:
    by_sign = {
        s: {k.code for k in rules.record_kinds if k.sign == s} for s in ("adverse", "neutral", "positive")
    }
    assert by_sign == {"adverse": ADVERSE, "neutral": NEUTRAL, "positive": POSITIVE}
    assert rules.listed_kinds() == LISTED
    assert rules.adverse_kinds() == ADVERSE


def test_only_lists_whose_text_says_so_reach_others(rules: Rules) -> None:
    assert {k.code for k in rules.record_kinds if k.reaches} == {"consumption_restriction", "wage_arrears"}
    assert "actual_controller" in rules.kind("consumption_restriction").reaches
    assert rules.kind("dishonest_judgment_debtor").implies == ("consumption_restriction",)
    assert "actual_controller" not in rules.kind("wage_arrears").reaches


def test_every_entry_has_a_citation_and_says_how_sure_it_is(rules: Rules) -> None:
    sources = [k.source for k in rules.record_kinds] + [t.source for t in rules.thresholds]
    sources += [h.source for h in rules.named_hubs] + [r.source for r in rules.hub_rules]
    sources += [e.source for t in rules.tables.values() for e in t.entries]
    assert all(s.citation and s.confirmed in "VK?" for s in sources)


def test_every_step_of_an_association_has_a_strength_with_its_reason(rules: Rules) -> None:
    steps = {label(k): rules.strength(label(k)) for k in RELATIONS}
    assert {k for k, strength in steps.items() if strength == 0} == {"kin_of", "pledges"}
    assert all(
        "本系统配置: " in t.source.citation for t in rules.thresholds if t.code.startswith("association_s")
    )


def test_terms_are_those_of_kinds_with_a_fixed_period(rules: Rules) -> None:
    assert rules.terms()["wage_arrears"] == 36
    assert "dishonest_judgment_debtor" not in rules.terms()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("失信被执行人名单", "dishonest_judgment_debtor"),
        ("经营异常名录", "abnormal_operation"),
        ("限高", "consumption_restriction"),
    ],
)
def test_a_list_is_known_by_the_names_that_feeds_give_it(rules: Rules, text: str, kind: str) -> None:
    found = rules.find_kind(text)
    assert found is not None
    assert found.code == kind


def test_a_complaint_says_that_it_is_not_verified(rules: Rules) -> None:
    assert "未核实" in rules.kind("complaint").notice_zh


@pytest.mark.parametrize(
    ("text", "code", "in_business"),
    [
        ("存续（在营、开业、在册）", "in_business", True),
        ("在营(开业)企业", "in_business", True),
        ("１", "in_business", True),
        ("吊销，未注销", "revoked", False),
        ("强制注销", "compulsorily_deregistered", False),
        ("恢复登记", "restored", True),
        ("清算中", "liquidating", True),
        ("其他", "other", None),
    ],
)
def test_each_way_to_write_a_status_is_one_code(
    rules: Rules, text: str, code: str, *, in_business: bool | None
) -> None:
    entry = rules.table("registration_status").find(text)
    assert entry is not None
    assert (entry.code, entry.in_business) == (code, in_business)


def test_the_words_of_list_exits_are_events_that_the_domain_knows(rules: Rules) -> None:
    assert {e.code for e in rules.table("exit_events").entries} == set(ExitEvent)


@pytest.mark.parametrize(
    ("table", "text", "code"),
    [
        ("document_types", "111", "resident_id"),
        ("document_types", "中华人民共和国居民身份证", "resident_id"),
        ("currencies", "156", "CNY"),
        ("currencies", "人民币", "CNY"),
        ("subject_categories", "98", "individual_business"),
        ("regions", "灵宝", "411282"),
        ("regions", "110101", "110101"),
        ("posts", "执行董事", "executive_director"),
        ("enterprise_types", "有限责任公司（自然人独资）", "limited"),
    ],
)
def test_codes_and_words_of_each_table_are_found(rules: Rules, table: str, text: str, code: str) -> None:
    entry = rules.table(table).find(text)
    assert entry is not None
    assert entry.code == code


@pytest.mark.parametrize(
    ("code", "parts"),
    [("F5211", ("F", "52")), ("5211", ("F", "52")), ("F", ("F", "")), ("83", ("P", "83")), ("x", ("", ""))],
)
def test_an_industry_of_any_length_has_a_section(rules: Rules, code: str, parts: tuple[str, str]) -> None:
    assert rules.industry(code) == parts


def test_industries_are_the_20_sections_and_97_divisions(rules: Rules) -> None:
    entries = rules.table("industries").entries
    assert (sum(not e.parent for e in entries), sum(bool(e.parent) for e in entries)) == (20, 97)


def test_hubs_are_known_by_name_by_code_and_by_number_of_relations(rules: Rules) -> None:
    named = rules.hub_of("name:0", "organization", "全国社会保障基金理事会", 0)
    state = rules.hub_of("uscc:11410000000000000X", "organization", None, 0)
    many = rules.hub_of("contact:0", "contact", None, 31)
    assert [h.code for h in (named, state, many) if h] == [
        "social_security_fund",
        "state_body",
        "many_at_contact",
    ]
    assert rules.hub_of("contact:0", "contact", None, 30) is None
    assert rules.hub_of("uscc:91411202MA40AB121R", "enterprise", "甲公司", 3) is None


def test_control_is_more_than_half_and_beneficial_ownership_a_quarter(rules: Rules) -> None:
    assert (rules.threshold("control").value, rules.threshold("control").is_strict) == (0.5, True)
    assert (rules.threshold("beneficial_owner").value, rules.threshold("beneficial_owner").is_strict) == (
        0.25,
        False,
    )


def test_the_same_rules_have_the_same_fingerprint_and_others_another(rules: Rules, tmp_path: Path) -> None:
    assert load_rules(tmp_path / "missing").fingerprint() == rules.fingerprint()
    assert overlay(tmp_path, "thresholds.toml", NEW_THRESHOLD).fingerprint() != rules.fingerprint()


def test_a_new_record_kind_is_data_only(tmp_path: Path) -> None:
    assert "food_safety" in overlay(tmp_path, "record_kinds.toml", NEW_KIND).listed_kinds()


def test_an_office_overrides_by_entry_and_keeps_the_rest(tmp_path: Path) -> None:
    changed = overlay(tmp_path, "thresholds.toml", NEW_THRESHOLD)
    assert (changed.threshold("beneficial_owner").value, changed.threshold("control").value) == (0.1, 0.5)


def test_an_office_adds_codes_and_tables(tmp_path: Path) -> None:
    text = 'citation = "x"\nconfirmed = "K"\n[[entry]]\ncode = "in_business"\ntitle_zh = "存续"\nvariants = ["活着"]\n'
    overlay(tmp_path, "codes/streets.toml", text.replace("in_business", "s1"))
    changed = overlay(tmp_path, "codes/registration_status.toml", text)
    entry = changed.table("registration_status").find("活着")
    assert entry is not None
    assert changed.table("registration_status").find("吊销") is not None
    assert changed.table("streets").find("s1") is not None


def test_versions_hold_on_their_days(tmp_path: Path) -> None:
    old = NEW_THRESHOLD + "valid_to = 2024-10-31\n"
    new = NEW_THRESHOLD.replace("0.1", "0.2") + "valid_from = 2024-11-01\n"
    both = overlay(tmp_path, "thresholds.toml", old + new)
    values = [
        both.at(to_day(d)).threshold("beneficial_owner").value
        for d in (date(2024, 10, 31), date(2024, 11, 1))
    ]
    assert values == [0.1, 0.2]
    assert both.threshold("beneficial_owner").value == 0.2


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        (
            "record_kinds.toml",
            NEW_KIND.replace('"serious"', '"bad"'),
            ['"food_safety"', '"grade"', "serious"],
        ),
        ("record_kinds.toml", NEW_KIND.replace("= 36", '= "3 years"'), ['"term_months"', "whole number"]),
        (
            "record_kinds.toml",
            NEW_KIND.replace("listed = true", 'listed = "yes"'),
            ['"listed"', "true or false"],
        ),
        ("record_kinds.toml", NEW_KIND + 'implies = ["exile"]\n', ['"implies"', "exile"]),
        ("record_kinds.toml", NEW_KIND + 'reaches = ["owner"]\n', ['"reaches"', "legal_representative"]),
        ("record_kinds.toml", NEW_KIND.replace("citation", "citatoin"), ['"citation"', "missing"]),
        ("record_kinds.toml", NEW_KIND + "colour = 1\n", ['"colour"', "not known"]),
        ("record_kinds.toml", NEW_KIND + NEW_KIND, ['"food_safety"', '"valid_from"', "overlaps"]),
        ("record_kinds.toml", '[[kind]]\ntitle_zh = "x"\n', ["entry 1", '"code"']),
        ("record_kinds.toml", "[[kind]\n", ["not valid TOML", "line 1"]),
        ("record_kinds.toml", "[kind]\na = 1\n", ["[[kind]]", "list of tables"]),
        ("record_kinds.toml", "[[kinds]]\n", ['"kinds"', "known are kind"]),
        ("thresholds.toml", NEW_THRESHOLD.replace("0.1", "25"), ['"value"', "between 0 and 1"]),
        ("thresholds.toml", NEW_THRESHOLD.replace("0.1", "-1"), ['"value"', "not negative"]),
        (
            "thresholds.toml",
            NEW_THRESHOLD + 'valid_from = "2024-01-01"\n',
            ['"valid_from"', "without quotes"],
        ),
        (
            "thresholds.toml",
            NEW_THRESHOLD + "valid_from = 2024-02-01\nvalid_to = 2024-01-01\n",
            ['"valid_to"'],
        ),
        ("tresholds.toml", "", ["tresholds.toml", "no rules file"]),
        (
            "thresholds.toml",
            NEW_THRESHOLD.replace("beneficial_owner", "association_strength_likes"),
            ["likes", "holds"],
        ),
        ("hubs.toml", LOST_HUB, ['"r"', '"none"', "thresholds.toml lacks"]),
        ("codes/x.toml", TWO_CODES, ["x.toml", '"b"', '"variants"', '"a"']),
    ],
)
def test_a_mistake_is_one_sentence_with_file_entry_and_field(
    tmp_path: Path, name: str, text: str, words: list[str]
) -> None:
    with pytest.raises(RulesError) as caught:
        overlay(tmp_path, name, text)
    message = str(caught.value)
    assert message.startswith(Path(name).name)
    assert all(w in message for w in words), message
    assert "\n" not in message


def test_what_is_in_no_rules_is_refused_by_name(rules: Rules) -> None:
    for ask in (rules.kind, rules.threshold, rules.table):
        with pytest.raises(RulesError, match="nowhere"):
            ask("nowhere")
    assert not rules.has_kind("nowhere")
    assert rules.find_kind("nowhere") is None


def test_the_built_in_files_are_read_whole(rules: Rules) -> None:
    tables = {p.stem for p in (BUILT_IN / "codes").glob("*.toml")}
    assert set(rules.tables) == tables | {"regions"}
