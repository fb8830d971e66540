"""Telephones and addresses that several firms share: families, neighbours, agents, cluster addresses."""

from __future__ import annotations

import numpy as np

from loaders.city import config
from loaders.city.families import Families
from loaders.city.streams import Ints, Rng, between, hits, stream
from loaders.city.world import Firms

FULL_SIZE = 80_000
PHONE_HEADS = (
    "130",
    "132",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "155",
    "158",
    "159",
    "186",
    "188",
    "189",
)


def hub_sizes(rng: Rng, enterprises: int, count: int, size: tuple[int, int]) -> Ints:
    """How many firms each hub gathers: the usual sizes, smaller ones in a small city."""
    hubs = max(2, round(count * max(enterprises / FULL_SIZE, 0.2)))
    scale = min(1.0, enterprises / 16_000)
    low = max(8, round(size[0] * scale))
    high = max(low + 3, round(size[1] * scale))
    return low + np.floor(rng.random(hubs) ** 3 * (high - low)).astype(np.int64)


def _copy_place(firms: Firms, target: Ints, source: Ints) -> None:
    for column in (firms.district, firms.street, firms.number, firms.room):
        column[target] = column[source]


def share(seed: int, firms: Firms, families: Families, enterprises: int) -> None:
    """Give firms shared telephones and addresses, in place."""
    rng = stream(seed, "sharing")
    count = len(firms)
    sister = families.first != np.arange(count)
    same_phone = np.flatnonzero(sister & hits(rng, 0.22, count))
    firms.phone[same_phone] = firms.phone[families.first[same_phone]]
    same_yard = np.flatnonzero(sister & hits(rng, 0.2, count))
    _copy_place(firms, same_yard, families.first[same_yard])
    friends = np.flatnonzero(hits(rng, 0.018, count))
    firms.phone[friends] = firms.phone[between(rng, 0, count - 1, len(friends))]
    enterprise = rng.permutation(
        np.flatnonzero((firms.kind < config.INDIVIDUAL) & firms.in_business(config.AS_OF))
    )
    used = 0
    for size in hub_sizes(rng, enterprises, config.AGENTS, config.AGENT_SIZES):
        members = enterprise[used : used + int(size)]
        firms.phone[members] = firms.phone[members[:1]]
        used = (used + int(size)) % max(1, len(enterprise) - 600)
    for size in hub_sizes(rng, enterprises, config.CLUSTERS, config.CLUSTER_SIZES):
        members = enterprise[used : used + int(size)]
        _copy_place(firms, members, np.repeat(members[:1], len(members)))
        firms.room[members] = 0
        used = (used + int(size)) % max(1, len(enterprise) - 900)


def phone_numbers(phone: Ints) -> Ints:
    """Eleven-digit numbers, one for each key."""
    heads = np.array([int(h) for h in PHONE_HEADS], dtype=np.int64)
    return heads[phone % len(heads)] * 10**8 + (phone * 38_196_601 + 20_260_117) % 10**8
