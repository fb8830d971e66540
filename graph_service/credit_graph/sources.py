"""Which department a source of facts is."""

from functools import cache

from graph_service.domain.errors import CreditGraphError
from graph_service.results import Sentence
from loaders.template import read_template

OWN = {
    "resolution": Sentence("系统推算", "derived by this program"),
    "officer": Sentence("核查人员", "an officer"),
}


@cache
def department(source: str) -> Sentence:
    """The department behind a template; of a template that is not at hand, its name."""
    if source in OWN:
        return OWN[source]
    try:
        found = read_template(source).department
    except CreditGraphError:
        return Sentence(source, source)
    return Sentence(found.zh, found.en)
