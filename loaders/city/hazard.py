"""The chance of becoming listed within twelve months, from what the feeds tell of a firm and its connections.

Nothing hidden enters: every term reads records, roles, stakes, guarantees and telephones that are delivered.
The weights are estimates; the constant is set each year so that the expected number of listings is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.city import config
from loaders.city.streams import Bools, Floats

SECTION_WEIGHTS = {
    "E": 0.7,
    "C": 0.35,
    "L": 0.3,
    "K": 0.5,
    "B": 0.4,
    "F": 0.0,
    "A": -0.5,
    "P": -0.4,
    "M": -0.2,
}
INDUSTRY_EFFECT = np.array([SECTION_WEIGHTS.get(letter, 0.0) for letter in config.INDUSTRIES])
OWN = {
    "abnormal_now": 0.9,
    "abnormal_before": 0.4,
    "penalties": 0.5,
    "enforcement": 1.6,
    "lawsuits": 0.6,
    "tax_arrears": 0.9,
    "freeze": 0.9,
    "new_representative": 0.7,
    "paid_nothing": 0.5,
    "listed_before": 1.1,
    "good_standing": -1.0,
}
LINKED = {
    "sister_listed": 1.45,
    "former_sister_listed": 0.8,
    "stake_listed": 1.0,
    "guarantee_listed": 1.7,
    "controller_listed_lately": 0.2,
    "phone_listed": 0.9,
}


@dataclass(frozen=True)
class State:
    """Per firm, on one day: counts of its records and of its listed connections (all arrays of floats)."""

    own: dict[str, Floats]
    linked: dict[str, Floats]
    industry: Floats
    log_capital: Floats
    age: Floats
    is_state: Bools


def score(state: State) -> Floats:
    """Log-odds of being listed within twelve months, but for the constant."""
    total = INDUSTRY_EFFECT[state.industry.astype(np.int64)].copy()
    total += 0.25 * np.clip(state.log_capital - 13.8, -2, 3)
    total += np.where(state.age < 1, -0.4, np.where(state.age < 6, 0.3, -0.1))
    total += np.where(state.is_state, -2.0, 0.0)
    for name, weight in OWN.items():
        total += weight * np.minimum(state.own[name], 3.0)
    for name, weight in LINKED.items():
        count = state.linked[name]
        total += np.where(count > 0, weight + 0.3 * np.log1p(np.maximum(count - 1, 0)), 0.0)
    return np.asarray(total, dtype=np.float64)


def probability(scores: Floats, expected: float) -> Floats:
    """Logistic probabilities whose sum is `expected` (below the number of firms), by bisection."""
    low, high = -40.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        if float((1 / (1 + np.exp(-(scores + middle)))).sum()) > expected:
            high = middle
        else:
            low = middle
    return np.asarray(1 / (1 + np.exp(-(scores + (low + high) / 2))), dtype=np.float64)
