"""What a city like 三门峡 looks like in numbers.

Each table says where it comes from: *known* is published somewhere, *estimate* is a plausible figure and
therefore configuration, not truth. Weights are on any positive scale.
"""

from __future__ import annotations

from typing import Final

from loaders.city.streams import day

AS_OF: Final = day("2026-11-15")
"""The city's today: nothing in the feeds happened later."""
FIRST_DELIVERY: Final = day("2026-09-30")
YEARS: Final = 10
ANCHORS: Final = tuple(day(f"{2016 + year}-11-15") for year in range(YEARS + 1))
"""Days between which the simulation steps; the last is AS_OF."""
HAZARD_YEARS: Final = 5
"""For how many of the last anchors (AS_OF included) truth/hazard.csv tells the probabilities."""

# Shares of N, enterprises in business (estimate; the real city has about 80,000).
INDIVIDUAL_BUSINESSES: Final = 2.25
COOPERATIVES: Final = 0.08
REVOKED: Final = 0.06
DEREGISTERED: Final = 0.40

# Division code, name, weight (divisions: GB/T 2260, known; weights: estimate; development zones lie in 411200).
DISTRICTS: Final = (
    (411202, "湖滨区", 24.0),
    (411282, "灵宝市", 22.0),
    (411203, "陕州区", 14.0),
    (411221, "渑池县", 13.0),
    (411224, "卢氏县", 10.0),
    (411281, "义马市", 7.0),
    (411200, "经济开发区", 10.0),
)

# Types of enterprise (estimate).
LLC, NATURAL, BRANCH, LEGAL, SOLE, PARTNERSHIP, STATE, STOCK, FOREIGN, INDIVIDUAL, COOPERATIVE = range(11)
TYPE_WEIGHTS: Final = (50.0, 34.0, 5.5, 4.0, 3.3, 1.5, 1.0, 0.4, 0.3)
TYPE_NAMES: Final = (
    "有限责任公司(自然人投资或控股)",
    "有限责任公司(自然人独资)",
    "有限责任公司分公司",
    "有限责任公司(法人独资)",
    "个人独资企业",
    "有限合伙企业",
    "有限责任公司(国有独资)",
    "股份有限公司(非上市)",
    "有限责任公司(外商投资)",
    "个体工商户",
    "农民专业合作社",
)

# Industries, GB/T 4754 sections: letter, weight for enterprises (Henan F 32.1, L 11.8, E 10.9: known).
INDUSTRIES: Final = "FLECAMGIOKHBNRJPQSD"
INDUSTRY_WEIGHTS: Final = (
    *(33.0, 11.0, 10.0, 10.0, 7.0, 7.0, 4.0, 4.0, 4.0, 3.0, 2.5, 1.2),
    *(0.8, 0.7, 0.5, 0.5, 0.4, 0.1, 0.3),
)
INDIVIDUAL_INDUSTRY_WEIGHTS: Final = (
    *(57.0, 0.5, 0.5, 4.0, 3.0, 0.5, 6.0, 0.5, 10.0, 0.5, 14.0, 0.0),
    *(0.5, 2.0, 0.5, 0.5, 0.5, 0.0, 0.0),
)

# Subscribed capital: band weight, and the usual values in it with weights, in yuan (estimate; upper edge included).
CAPITAL: Final = (
    (8.0, ((10e3, 2), (30e3, 2), (50e3, 3), (80e3, 1), (100e3, 4))),
    (20.0, ((150e3, 1), (200e3, 3), (300e3, 4), (400e3, 0.6), (500e3, 10), (280e3, 0.2), (118e3, 0.2))),
    (24.0, ((600e3, 2), (800e3, 2), (1e6, 18), (660e3, 0.5), (880e3, 0.5), (680e3, 0.4), (990e3, 0.3))),
    (
        28.0,
        ((1.08e6, 0.8), (1.5e6, 1), (2e6, 9), (3e6, 3), (5e6, 13), (1.2e6, 0.5), (3.18e6, 0.3), (4e6, 0.4)),
    ),
    (13.0, ((6e6, 2.5), (6.8e6, 0.5), (8e6, 3), (8.8e6, 0.5), (10e6, 6), (5.18e6, 0.5))),
    (5.5, ((12e6, 0.6), (15e6, 0.4), (20e6, 2), (30e6, 1.1), (50e6, 1.2), (20.18e6, 0.2))),
    (1.5, ((60e6, 0.3), (80e6, 0.2), (100e6, 0.6), (200e6, 0.2), (500e6, 0.15), (1e9, 0.05))),
)
PAID_REPORTED: Final = 0.40
PAID_ZERO: Final = 0.30
REDUCTION_NOW: Final = 0.025
"""Capital reductions a year in 2024-2027 (decree 784 forces adjustment by 2027-06-30, known)."""
REDUCTION_BEFORE: Final = 0.004

# Age of enterprises in business, in days: from, to, weight (shape known for the nation 2012).
AGES: Final = ((0, 365, 13.0), (365, 1095, 22.0), (1095, 1826, 17.0), (1826, 3652, 31.0), (3652, 9800, 17.0))
# Chance to leave in each year of life (2000-2012: known to year 7).
EXIT_BY_YEAR: Final = (1.6, 6.3, 9.5, 9.0, 8.8, 8.5, 8.2, 7.0, 6.0, 5.0, 4.4, 4.0, 3.5, 3.0, 2.6)

# Holders per company with at least two, and usual stakes in percent (estimate).
HOLDER_COUNTS: Final = ((2, 40.0), (3, 10.0), (4, 3.0), (5, 2.0), (6, 1.2), (7, 1.0), (8, 0.8))
SPLITS: Final[dict[int, tuple[tuple[float, tuple[float, ...]], ...]]] = {
    2: (
        (24, (50, 50)),
        (16, (51, 49)),
        (16, (60, 40)),
        (12, (70, 30)),
        (9, (80, 20)),
        (11, (90, 10)),
        (4, (99, 1)),
        (4, (95, 5)),
        (2, (67, 33)),
        (1.5, (65, 35)),
        (0.5, (62.5, 37.5)),
    ),
    3: (
        (25, (40, 30, 30)),
        (20, (34, 33, 33)),
        (15, (51, 29, 20)),
        (12, (50, 30, 20)),
        (12, (60, 20, 20)),
        (8, (80, 10, 10)),
        (8, (70, 20, 10)),
    ),
    4: ((4, (25, 25, 25, 25)), (4, (40, 20, 20, 20)), (2, (70, 10, 10, 10)), (3, (51, 19, 15, 15))),
    5: ((5, (20, 20, 20, 20, 20)), (3, (52, 12, 12, 12, 12)), (2, (30, 25, 20, 15, 10))),
    6: ((3, (50, 10, 10, 10, 10, 10)), (2, (25, 15, 15, 15, 15, 15))),
    7: ((3, (40, 10, 10, 10, 10, 10, 10)), (1, (28, 12, 12, 12, 12, 12, 12))),
    8: ((3, (30, 10, 10, 10, 10, 10, 10, 10)), (1, (51, 7, 7, 7, 7, 7, 7, 7))),
}

# Families of firms behind one leading person: size from, to, weight (estimate, from firms per representative).
FAMILIES: Final = ((1, 1, 85.5), (2, 2, 9.6), (3, 5, 3.9), (6, 10, 0.75), (11, 30, 0.25))
LEGAL_HOLDER: Final = 0.09
OUT_OF_TOWN: Final = 0.40
UNNUMBERED_REPRESENTATIVES: Final = 0.25
UNNUMBERED_MANAGERS: Final = 0.30
NAMESAKES: Final = 0.30

# New records a year (estimate unless said).
LISTED_RATES: Final = (0.016, 0.016, 0.016, 0.015, 0.014, 0.012, 0.011, 0.009, 0.007, 0.0056, 0.0056)
"""Of enterprises in business, from each anchor on: all listed kinds together, 失信被执行人 0.5 % of late (estimate).

More in earlier years, so that of late as many leave as come (nation 2025: known).
"""
LIST_KINDS: Final = (
    ("dishonest_judgment_debtor", 0.895),
    ("serious_violation", 0.060),
    ("tax_violation", 0.018),
    ("wage_arrears", 0.015),
    ("work_safety", 0.006),
    ("government_procurement", 0.006),
)
ABNORMAL: Final = 0.08
ABNORMAL_JULY: Final = 0.85
ABNORMAL_LEAVE: Final = 0.35
ABNORMAL_CAUSES: Final = (
    ("未依照《企业信息公示暂行条例》第八条规定的期限公示年度报告的", 89.0),
    ("通过登记的住所或者经营场所无法联系的", 10.5),
    ("公示企业信息隐瞒真实情况、弄虚作假的", 0.4),
    ("未在责令的期限内公示有关企业信息的", 0.1),
)
PENALTY_ENTERPRISE: Final = 0.022
PENALTY_INDIVIDUAL: Final = 0.016
PENALTY_MEDIAN: Final = 5000.0
PENALTY_ENDED_EARLY: Final = 0.25
REVOKED_LISTED: Final = 0.10
COMPLAINTS: Final = 0.22
"""Complaints a year per enterprise in business; the most complained-of 1 % draw 35 % of them."""

# Shared telephones and addresses (estimate).
AGENTS: Final = 8
AGENT_SIZES: Final = (100, 600)
CLUSTERS: Final = 5
CLUSTER_SIZES: Final = (150, 900)
