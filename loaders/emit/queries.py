"""What is asked of the staged rows besides the template's own facts: entities, mentions, holdings, scopes."""

from datetime import date

from graph_service.domain.facts import FactKind
from loaders.emit.facts import FILE, applies, interval, json_object, person_attributes, scope_sql
from loaders.template.model import Party, Template


def entity_select(party: Party) -> str:
    """The entities that one party of the rows is, once each."""
    p = party.name
    return (
        f"SELECT {p}__id AS id, min({p}__kind) AS kind, coalesce(min({p}__name), "
        f"split_part({p}__id, ':', 2)) AS label FROM stage "
        f"WHERE reject IS NULL AND {p}__id IS NOT NULL GROUP BY {p}__id"
    )


_NULLS = (
    "NULL::VARCHAR AS object, {role} AS role, NULL::VARCHAR AS part, NULL::INTEGER AS valid_from, "
    "NULL::INTEGER AS valid_to, NULL::INTEGER AS available_from, NULL::DOUBLE AS share, NULL::DOUBLE AS votes, "
    "NULL::DOUBLE AS amount, {name} AS name, {attrs} AS attrs, NULL::VARCHAR AS scope, "
    f"{FILE} AS file, min(line)::BIGINT AS line"
)


def mentions(template: Template) -> list[str]:
    """The profile that a mention with a name yields, and the alias that an organisation code beside a name is."""
    explicit = {r.subject for r in template.facts if r.kind is FactKind.PROFILE}
    queries = []
    for party in template.parties:
        if party.kind in ("address", "contact"):
            continue
        p = party.name
        if p not in explicit and party.names:
            attrs = json_object(person_attributes(p))
            queries.append(
                _mention(p, FactKind.PROFILE, ("NULL::VARCHAR", f"{p}__name", attrs), f"{p}__name")
            )
        if party.codes and not party.id:
            queries.append(
                _mention(p, FactKind.ALIAS, ("'org_code'", f"{p}__org", "NULL::VARCHAR"), f"{p}__org")
            )
    return queries


def _mention(party: str, kind: FactKind, values: tuple[str, str, str], needed: str) -> str:
    role, name, attrs = values
    nulls = _NULLS.format(role=role, name=name, attrs=attrs)
    return (
        f"SELECT {int(kind)}::SMALLINT AS kind, {party}__id AS subject, {nulls} FROM stage "
        f"WHERE reject IS NULL AND {party}__id IS NOT NULL AND {needed} IS NOT NULL AND useful "
        f"GROUP BY {party}__id, {name}, {attrs}, {role}"
    )


def holdings(template: Template, today: date) -> str | None:
    """Firm, share and line of holdings that are open, for the sum over the whole file."""
    rule = next((r for r in template.facts if r.kind is FactKind.HOLDS and r.share), None)
    if rule is None:
        return None
    end = interval(rule, {})[1]
    day = f"date_diff('day', DATE '1970-01-01', DATE '{today}')"
    return (
        f"SELECT hash({rule.object}__id) AS firm, {rule.share} AS share, {FILE} AS file, line FROM stage "
        f"WHERE reject IS NULL AND {rule.share} IS NOT NULL AND {applies(template, rule)} "
        f"AND coalesce({end} > {day}, TRUE)"
    )


def covered(template: Template) -> str | None:
    """Scopes of accepted rows, each with the normalised name under which a damaged row may mean it."""
    if template.scope is None:
        return None
    fields = f"{scope_sql(template)} AS scope, {_scope_name(template)} AS norm"
    return f"SELECT DISTINCT {fields} FROM stage WHERE reject IS NULL"


def _scope_name(template: Template) -> str:
    is_party = any(p.name == template.scope and p.names for p in template.parties)
    return f"{template.scope}__norm" if is_party else "NULL::VARCHAR"


def protected(template: Template) -> str | None:
    """What rejected rows protect: scope (null where its code is damaged), its name, entity (null: all of the scope)."""
    if template.scope is None:
        return None
    scope = scope_sql(template)
    if any(p.name == template.scope for p in template.parties):
        scope = f"CASE WHEN {template.scope}__readable THEN {scope} END"
    rule = next((r for r in template.facts if r.object), None)
    entity = "NULL::VARCHAR"
    if rule is not None and template.scope in (rule.subject, rule.object):
        other = rule.subject if template.scope != rule.subject else str(rule.object)
        entity = (
            f"CASE WHEN {other}__readable THEN {other}__id END" if _has_marks_of(template, other) else entity
        )
    name = _scope_name(template)
    return f"SELECT DISTINCT {scope} AS scope, {name} AS norm, {entity} AS entity FROM stage WHERE reject IS NOT NULL"


def _has_marks_of(template: Template, party: str) -> bool:
    return template.party(party).kind not in ("address", "contact")
