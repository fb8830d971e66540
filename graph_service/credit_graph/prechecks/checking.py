"""The answer as a whole: four blocks, and the entry in the audit log before any of it is told."""

from graph_service.credit_graph.citing import Citing
from graph_service.credit_graph.moment import Moment
from graph_service.credit_graph.naming import Naming
from graph_service.credit_graph.prechecks.applicants import (
    Application,
    address_of,
    check,
    checked_key,
    contact_of,
    known,
)
from graph_service.credit_graph.prechecks.desk import Desk
from graph_service.credit_graph.prechecks.links import links
from graph_service.credit_graph.prechecks.offices import office_matters
from graph_service.credit_graph.prechecks.own import namesakes, own_records
from graph_service.domain.intervals import from_day
from graph_service.office import AuditLog, LookUp
from graph_service.results import Precheck, Sentence, none_found

STATEMENT = Sentence(
    "提示不影响依法受理；是否准予登记、任职，由登记机关依法决定。",
    "None of this stands in the way of accepting the application; the registration authority decides by law.",
)
BLOCKS = {
    "office_matters": Sentence("法定任职限制事项", "statutory matter about an office"),
    "leads": Sentence("与已列入名单主体的关联", "connection with a listed entity"),
    "namesakes": Sentence("同名人员", "namesake"),
}


def precheck(moment: Moment, application: Application, key: bytes | None, log: AuditLog) -> Precheck:
    """What the data say about an application. Raises WrongCall, WrongPersonKey; AuditError when it cannot be logged."""
    check(application, from_day(moment.today))
    used = checked_key(moment.store, key, application.persons)
    who = known(moment.view, application, used, moment.rules)
    desk = Desk(moment, application, who, used, Citing(moment, Naming(moment.view)))
    own = tuple(own_records(desk, one) for one in who)
    matters = tuple(m for one in who for m in office_matters(desk, one))
    linked, named = links(desk), [namesakes(desk, one) for one in who]
    others = tuple(n for some, _ in named for n in some)
    told = {"office_matters": matters, "leads": linked.leads, "namesakes": others}
    day = from_day(moment.judged_on)
    counts = {"own_records": sum(len(o.records) for o in own)} | {k: len(v) for k, v in told.items()}
    return Precheck(
        own_records=own,
        office_matters=matters,
        leads=linked.leads,
        namesakes=others,
        paused=linked.paused,
        hubs=linked.hubs,
        none_found={k: none_found(day, BLOCKS[k]) for k, v in told.items() if not v},
        statement=STATEMENT,
        truncated=next((cut for _, cut in named if cut), None),
        audit=log.write(_look_up(desk, counts), moment.clock()),
        **moment.heading(),
    )


def _look_up(desk: Desk, counts: dict[str, int]) -> LookUp:
    """The audit entry: whom it was about by id, places by theirs; nothing that was typed but purpose and file number."""
    asked, snapshot = desk.application, desk.moment.snapshot
    about = [one.entity or f"applicant:{one.place}" for one in desk.known]
    about += [address_of(a) for a in asked.addresses] + [contact_of(c) for c in asked.contacts]
    return LookUp(
        asked.by,
        "precheck",
        asked.purpose,
        asked.case,
        tuple(about),
        snapshot.id if snapshot else None,
        counts,
    )
