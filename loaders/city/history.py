"""Ten years of events: each year the state on its first day sets the chances, then chance decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from loaders.city import config, hazard, network
from loaders.city.chronicle import LISTED, Chronicle
from loaders.city.config import ANCHORS
from loaders.city.listing import list_firms, list_revoked
from loaders.city.ordinary import ordinary_year
from loaders.city.streams import NEVER, Bools, Floats, stream
from loaders.city.world import Firms, Links, Society


@dataclass(frozen=True)
class Past:
    """What the simulation leaves: the records and, for each late anchor, who had what chance."""

    chronicle: Chronicle
    hazards: list[tuple[int, Bools, Floats]]
    """Anchor day, which firms were at risk, and the probability of each firm (0 where not at risk)."""


def state(firms: Firms, society: Society, guarantees: Links, past: Chronicle, day: int) -> hazard.State:
    """What the feeds tell about every firm and its connections on a day."""
    listed = past.listed(day)
    links = network.incidence(firms, society)
    met, gone = network.by_people(links, listed, day)
    controller = network.controllers(firms, society, day)
    changed = (society.represents_since > day - 365) & (society.represents_since <= day)
    good = past.lately("tax_credit_a", day - 730, day) + past.lately("honours", day - 1095, day)
    own = {
        "abnormal_now": np.minimum(past.now("abnormal_operation", day), 1),
        "abnormal_before": past.lately("abnormal_operation", day - 1095, day),
        "penalties": past.lately("administrative_penalty", day - 730, day),
        "enforcement": past.lately("enforcement", day - 730, day),
        "lawsuits": past.lately("lawsuits", day - 730, day, code=1),
        "tax_arrears": past.now("tax_arrears", day),
        "freeze": past.now("equity_freeze", day),
        "new_representative": (changed & (society.represents_since > firms.founded)).astype(np.float64),
        "paid_nothing": (firms.paid == 0).astype(np.float64),
        "listed_before": np.minimum(sum(past.lately(k, day - 1825, day) for k in LISTED), 1.0),
        "good_standing": np.minimum(good, 1.0),
    }
    linked = {
        "sister_listed": met,
        "former_sister_listed": gone,
        "stake_listed": network.by_stakes(society, listed, day),
        "guarantee_listed": network.by_guarantees(guarantees, listed, day),
        "controller_listed_lately": network.by_controller(controller, past.newly_listed(day - 730, day)),
        "phone_listed": network.by_phone(firms, listed),
    }
    return hazard.State(
        own=own,
        linked=linked,
        industry=firms.industry.astype(np.float64),
        log_capital=np.log(np.maximum(firms.capital, 1e4)),
        age=(day - firms.founded) / 365.25,
        is_state=firms.kind == config.STATE,
    )


def at_risk(firms: Firms, past: Chronicle, day: int) -> Bools:
    """Enterprises in business and not listed on a day."""
    found: Bools = (firms.kind < config.INDIVIDUAL) & firms.in_business(day) & (past.listed(day) == 0)
    return found


def simulate(
    seed: int, firms: Firms, society: Society, guarantees: Links, planted: tuple[Chronicle, Bools]
) -> Past:
    """Ten years of records of every kind, planted ones included; to quiet firms nothing else happens.

    Chance lists no firm whose listing is planted.
    """
    rng = stream(seed, "history")
    hazards: list[tuple[int, Bools, Floats]] = []
    past, quiet = planted
    fated = quiet | (sum(past.lately(kind, -NEVER, NEVER) for kind in LISTED) > 0)
    before = {kind: len(past.of(kind).firm) for kind in past.kinds()}
    list_revoked(rng, firms, past)
    for begin, end, rate in zip(ANCHORS, (*ANCHORS[1:], 0), config.LISTED_RATES, strict=True):
        scores = hazard.score(state(firms, society, guarantees, past, begin))
        risk = at_risk(firms, past, begin) & ~fated
        chance = np.zeros(len(firms))
        if risk.any():
            chance[risk] = hazard.probability(scores[risk], rate * float(risk.sum()))
        if begin >= ANCHORS[-config.HAZARD_YEARS]:
            hazards.append((begin, risk, chance))
        if end:
            list_firms(rng, firms, past, chance, (begin, end))
            ordinary_year(rng, firms, past, scores, (begin, end))
    for kind in past.kinds():
        calm = ~quiet[past.of(kind).firm]
        calm[: before.get(kind, 0)] = True
        past.merge(kind, np.flatnonzero(calm))
    return Past(past, hazards)
