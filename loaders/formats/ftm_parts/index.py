"""What a first reading of an FtM file notes down: who is in it, and whose documents are told apart from their holder."""

from dataclasses import dataclass, field

from loaders.formats.gather import Unfit
from loaders.formats.identity import Document


@dataclass
class Index:
    """`nodes`: id and kind of what is kept, by the file's id; `others`: what is in the file and not kept; `documents`: by holder."""

    nodes: dict[str, tuple[str, str]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    located: set[tuple[str, str]] = field(default_factory=set)
    documents: dict[str, list[Document]] = field(default_factory=dict)
    unfit: dict[int, Unfit] = field(default_factory=dict)

    def name(self, called: str) -> None:
        """Note an id. Raises Unfit for one that was there before."""
        if called in self.nodes or called in self.others:
            raise Unfit("duplicate_id", "id")
        self.others.add(called)

    def keep(self, called: str, id_: str, kind: str) -> None:
        """Note that the entity of this id is kept."""
        self.others.discard(called)
        self.nodes[called] = (id_, kind)
