"""The answer as a whole: facts, then what is derived, then leads."""

from graph_service.credit_graph.changes.derived import derived
from graph_service.credit_graph.changes.leads import leads
from graph_service.credit_graph.changes.pair import Pair, Side
from graph_service.credit_graph.changes.recorded import recorded
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.domain.errors import WrongCall
from graph_service.results import Changes, Sentence

UNKNOWN_THEN = Sentence(
    "较早时点没有该主体的任何事实，所列均为其后出现。",
    "Nothing was known of this entity at the earlier moment: all of it came since.",
)


def changes(moment: Moment, earlier: Moment, reference: str) -> Changes:
    """What differs for an entity between an earlier moment and this one. Raises WrongCall, UnknownEntity.

    A record that was repaired or revoked is in neither moment: of it only the number is told, and that a lead is gone.
    """
    if earlier.view.as_of > moment.view.as_of or earlier.view.known_at > moment.view.known_at:
        message = f"{earlier.day} is not before {moment.day}, the day of the answer; give an earlier day or snapshot."
        raise WrongCall(message)
    entity = moment.view.find(reference)
    naming = Naming(moment.view)
    pair = Pair(Side.of(earlier, entity), Side.of(moment, entity), naming)
    told = [recorded(pair), *derived(pair)]
    every = (*(c for one in told for c in one.changes), *leads(pair))
    was_there = pair.before.place is not None
    return Changes(
        entity=naming.ref(entity),
        since=earlier.day,
        since_known_at=earlier.known,
        since_snapshot=earlier.snapshot.id if earlier.snapshot else None,
        changes=every,
        remarks=() if was_there else (UNKNOWN_THEN,),
        none_found=None if every else _nothing(earlier, moment),
        truncated=next((one.cut for one in told if one.cut), None),
        **moment.heading(),
    )


def _nothing(earlier: Moment, moment: Moment) -> Sentence:
    return Sentence(
        f"{earlier.day}与{moment.day}之间，已归集数据中未发现变化；不代表不存在。",
        f"Between {earlier.day} and {moment.day} the collected data show no change; that does not mean that there is none.",
    )
