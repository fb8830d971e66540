"""The frozen answers: what a question returns, as Python values, JSON, a data frame or a graph."""

from graph_service.results.base import Answer, Cut, Heading
from graph_service.results.entities import (
    EntityAnswer,
    EntityRef,
    Exit,
    History,
    HistoryItem,
    Hit,
    RecordItem,
    Records,
    SearchResult,
)
from graph_service.results.graph import (
    Association,
    Associations,
    Candidate,
    Decision,
    Hub,
    Hubs,
    LeftOut,
    Match,
    Matches,
    Neighbour,
    Neighbours,
    RelationItem,
)
from graph_service.results.plain import flat, plain
from graph_service.results.sentences import Sentence, fact_sentence, none_found, standard_sentence

__all__ = [
    "Answer",
    "Association",
    "Associations",
    "Candidate",
    "Cut",
    "Decision",
    "EntityAnswer",
    "EntityRef",
    "Exit",
    "Heading",
    "History",
    "HistoryItem",
    "Hit",
    "Hub",
    "Hubs",
    "LeftOut",
    "Match",
    "Matches",
    "Neighbour",
    "Neighbours",
    "RecordItem",
    "Records",
    "RelationItem",
    "SearchResult",
    "Sentence",
    "fact_sentence",
    "flat",
    "none_found",
    "plain",
    "standard_sentence",
]  # fmt: skip
