"""One hand-written row for every built-in template, by column, and the kinds of fact that it yields."""

FIRM = "三门峡甲商贸有限公司"
USCC = "91411202MA40AB121R"
OTHER = "三门峡乙实业有限公司"
PERSON = "11010519491231002X"

ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "registration": (
        {
            "enterprise_name": FIRM, "uscc": USCC, "representative": "张三", "representative_number": PERSON,
            "type": "有限责任公司", "capital": "500万元人民币", "founded": "2019年7月1日", "status": "开业",
            "home": "湖滨区甲路1号", "region": "411202", "industry": "F5112", "telephone": "0398-1234567",
            "sign": "甲字号", "purpose": "日用百货销售",
        },
        {"profile", "alias", "represents", "located_at", "reached_at"},
    ),
    "shareholders": (
        {"enterprise_name": FIRM, "uscc": USCC, "holder_name": "张三", "holder_type": "自然人股东",
         "certificate": "居民身份证", "number": PERSON, "subscribed": "100万元", "share": "51%",
         "joined": "2019-07-01"},
        {"profile", "holds"},
    ),
    "managers": (
        {"enterprise_name": FIRM, "uscc": USCC, "person_name": "张三", "post": "监事", "number": PERSON,
         "appointed": "2019-07-01"},
        {"profile", "manages"},
    ),
    "changes": (
        {"enterprise_name": FIRM, "uscc": USCC, "item": "名称变更", "before": "三门峡旧名商贸有限公司", "after": FIRM,
         "changed": "2021/3/4"},
        {"profile", "change", "alias"},
    ),
    "branches": (
        {"branch_name": "三门峡甲商贸有限公司灵宝分公司", "branch_code": "", "parent_name": FIRM, "parent_code": USCC,
         "founded": "2020-01-01"},
        {"profile", "branch_of"},
    ),
    "abnormal_operation": (
        {"party_name": FIRM, "uscc": USCC, "cause": "未按规定公示年度报告", "listed": "2024-07-08",
         "authority": "三门峡市市场监督管理局", "document": "异字1号"},
        {"profile", "abnormal_operation"},
    ),
    "serious_violation": (
        {"party_name": FIRM, "uscc": USCC, "cause": "提交虚假材料", "listed": "2024-07-08", "document": "严字1号"},
        {"profile", "serious_violation"},
    ),
    "administrative_penalty": (
        {"party_name": FIRM, "category": "法人及非法人组织", "uscc": USCC, "document": "豫罚〔2024〕1号",
         "violation": "虚假宣传", "fine": "0.5", "decided": "20240105", "published_until": "2027-01-04",
         "authority": "市场监督管理局"},
        {"profile", "administrative_penalty"},
    ),
    "administrative_licence": (
        {"party_name": FIRM, "category": "法人及非法人组织", "uscc": USCC, "document": "豫许〔2024〕1号",
         "type": "普通", "decided": "2024-01-05", "valid_from": "2024-01-05", "valid_until": "2029-01-04"},
        {"profile", "licence"},
    ),
    "dishonest_judgment_debtor": (
        {"debtor": FIRM, "number": USCC, "case_number": "（2024）豫1202执1号", "court": "湖滨区人民法院",
         "registered": "2024-01-02", "published": "2024-02-03", "conduct": "违反财产报告制度"},
        {"profile", "dishonest_judgment_debtor"},
    ),
    "consumption_restriction": (
        {"restricted": "张三", "number": "1101051949****002X", "firm_name": FIRM, "firm_code": USCC,
         "court": "湖滨区人民法院", "case_number": "（2024）豫1202执1号", "registered": "2024-01-02",
         "published": "2024-02-03"},
        {"profile", "consumption_restriction"},
    ),
    "enforcement": (
        {"party_name": FIRM, "number": USCC, "court": "湖滨区人民法院", "case_number": "（2024）豫1202执2号",
         "registered": "2024-01-02", "sum_due": "120000", "state": "终结本次执行", "closed": "2024-09-01"},
        {"profile", "enforcement", "enforcement_closed"},
    ),
    "tax_violation": (
        {"party_name": FIRM, "uscc": USCC, "case_type": "虚开发票", "facts_found": "虚开增值税专用发票",
         "document": "税处1号", "published": "2024-05-06"},
        {"profile", "tax_violation"},
    ),
    "tax_credit_a": (
        {"party_name": FIRM, "uscc": USCC, "year": "2024", "authority": "税务局", "published": "2025-04-30"},
        {"profile", "tax_credit_a"},
    ),
    "wage_arrears": (
        {"party_name": FIRM, "uscc": USCC, "number": PERSON, "document": "人社1号", "reason": "拖欠工资",
         "owed": "300000", "listed": "2024-05-06", "until_day": "2027-05-05", "authority": "人社局"},
        {"profile", "wage_arrears"},
    ),
    "work_safety": (
        {"party_name": FIRM, "uscc": USCC, "conduct": "瞒报事故", "reason": "较大事故", "document": "安1号",
         "listed": "2024-05-06"},
        {"profile", "work_safety"},
    ),
    "government_procurement": (
        {"party_name": FIRM, "uscc": USCC, "conduct": "串通投标", "document": "财1号", "recorded": "2024-05-06",
         "until_day": "2025-05-05"},
        {"profile", "government_procurement"},
    ),
    "equity_pledge": (
        {"document": "质1号", "pledgor_name": "张三", "pledgor_number": PERSON, "pledgee_name": "某银行股份有限公司",
         "firm_name": FIRM, "firm_code": USCC, "pledged": "50", "registered": "2024-05-06", "state": "有效"},
        {"profile", "pledges", "equity_pledge"},
    ),
    "equity_freeze": (
        {"court": "湖滨区人民法院", "item": "公示冻结", "document": "裁1号", "debtor_name": "张三", "number": PERSON,
         "frozen": "50", "firm_name": FIRM, "firm_code": USCC, "starts": "2024-05-06", "ends": "2027-05-05",
         "published": "2024-05-07"},
        {"profile", "equity_freeze"},
    ),
    "chattel_mortgage": (
        {"document": "抵1号", "registered": "2024-05-06", "party_name": FIRM, "uscc": USCC,
         "mortgagee_name": "某银行股份有限公司", "secured": "200", "state": "有效"},
        {"profile", "chattel_mortgage"},
    ),
    "guarantees": (
        {"guarantor_name": OTHER, "guaranteed_name": FIRM, "guaranteed_code": USCC, "guaranteed_sum": "300万元",
         "manner": "连带责任保证", "starts": "2024-01-01", "ends": "2026-12-31", "contract": "保1号"},
        {"profile", "guarantees"},
    ),
    "agreements": (
        {"actor_name": "张三", "actor_number": PERSON, "counterpart_name": "李四", "firm_name": FIRM,
         "firm_code": USCC, "type": "一致行动", "starts": "2024-01-01"},
        {"profile", "acts_in_concert"},
    ),
    "lawsuits": (
        {"case_number": "（2024）豫1202民初1号", "cause": "买卖合同纠纷", "court": "湖滨区人民法院",
         "filed": "2024-01-01", "party_name": FIRM, "number": USCC, "side": "被告", "sum_claimed": "50万元"},
        {"profile", "lawsuit"},
    ),
    "honours": (
        {"party_name": FIRM, "uscc": USCC, "title": "守合同重信用企业", "document": "誉1号", "decided": "2024-01-01"},
        {"profile", "honour"},
    ),
    "commitment_breaches": (
        {"party_name": FIRM, "uscc": USCC, "matter": "告知承诺", "conduct": "未按期补正", "decided": "2024-01-01",
         "document": "诺1号"},
        {"profile", "commitment_breach"},
    ),
    "contacts": (
        {"party_name": FIRM, "uscc": USCC, "telephone": "13800138000", "email": "a@example.com", "postal": "甲路1号"},
        {"profile", "reached_at"},
    ),
    "inspections": (
        {"document": "检1号", "party_name": FIRM, "uscc": USCC, "inspected": "2024-01-01", "result": "未发现问题"},
        {"profile", "inspection"},
    ),
    "complaints": (
        {"document": "诉1号", "party_name": FIRM, "uscc": USCC, "filed": "2024-01-01", "category": "商品质量"},
        {"profile", "complaint"},
    ),
    "annual_reports": (
        {"party_name": FIRM, "uscc": USCC, "year": "2024", "filed": "2025-05-01", "employees": "12", "assets": "300"},
        {"profile", "annual_report"},
    ),
    "liquidations": (
        {"document": "清1号", "party_name": FIRM, "uscc": USCC, "starts": "2024-01-01", "ends": "2024-02-14"},
        {"profile", "liquidation_notice"},
    ),
    "bankruptcies": (
        {"case_number": "（2024）豫12破1号", "party_name": FIRM, "uscc": USCC, "type": "破产清算",
         "accepted": "2024-01-01"},
        {"profile", "bankruptcy"},
    ),
    "tax_arrears": (
        {"party_name": FIRM, "uscc": USCC, "tax": "增值税", "balance": "8000", "document": "欠1号",
         "published": "2024-01-01"},
        {"profile", "tax_arrears"},
    ),
    "list_exits": (
        {"list_name": "失信被执行人", "party_name": FIRM, "number": USCC, "document": "（2024）豫1202执1号",
         "event": "修复", "day": "2024-06-01"},
        {"profile", "repaired"},
    ),
    "labels": ({"uscc": USCC, "label": "1", "as_of": "2024-06-01", "split": "train"}, {"profile"}),
}  # fmt: skip
