"""How a party of a row becomes an entity: id, kind, label, and what tells persons of one name apart."""

from graph_service.text.normal import normalize_address_sql, normalize_name_sql
from loaders.normalize.numbers import ORGANISATION_KINDS, PERSON_KINDS
from loaders.normalize.sql import any_of, first_of, keyed_hash, quoted, short_hash
from loaders.template.model import Party, Template

ORGANISATION_NAME = (
    "(公司|企业|集团|厂|店|铺|社|部|中心|合伙|银行|局|委员会|委|基金|基金会|所|站|学校|大学|学院|医院|院|场|会|队|行|馆|厅|政府|村|组|"
    "户|园|吧|超市|商行|工作室|事务所|联合社|合作社|分公司|办事处|管理处|经营部|计划|矿|农场|酒店|公会|协会|有限|ltd|inc|llc|co|corp)"
    "(\\\\([^()]*\\\\))?$"
)
"""How names of organisations end; used only where neither code nor type tells."""


def party_steps(template: Template, party: Party) -> tuple[dict[str, str], ...]:
    """Steps of SQL that give `P__name`, `P__norm`, `P__is_person`, `P__id`, `P__kind`, `P__candidate`, `P__mask`."""
    if party.kind == "address":
        return (_address(party),)
    if party.kind == "contact":
        return (_contact(template, party),)
    p = party.name
    first = {
        f"{p}__name": first_of(list(party.names)),
        f"{p}__norm": normalize_name_sql(first_of(list(party.names))),
    }
    second = {f"{p}__is_person": _is_person(template, party)}
    third = {f"{p}__id": _identity(template, party), **_person_marks(template, party)}
    return (first, second, third, {f"{p}__kind": _kind(party)})


def _numbers(template: Template, party: Party) -> list[str]:
    return [c for c in party.codes if template.column(c).type == "number"]


def _address(party: Party) -> dict[str, str]:
    p, v = party.name, party.value
    place = normalize_address_sql(str(v))
    return {
        f"{p}__id": f"'address:' || {short_hash(_filled(place))}",
        f"{p}__kind": "'address'", f"{p}__name": str(v),
    }  # fmt: skip


def _contact(template: Template, party: Party) -> dict[str, str]:
    p, v = party.name, str(party.value)
    kind = {"telephone": "phone", "email": "email"}.get(template.column(v).type, "postal")
    return {
        f"{p}__id": "'contact:' || " + short_hash(f"'{kind}:' || {v}"),
        f"{p}__kind": "'contact'", f"{p}__name": v,
    }  # fmt: skip


def _is_person(template: Template, party: Party) -> str:
    if party.kind != "auto":
        return "TRUE" if party.kind == "person" else "FALSE"
    kinds = [f"{n}__k" for n in _numbers(template, party)]
    codes = [f"{c}__id" for c in party.codes]
    whens = [f"WHEN {k} IN {any_of(PERSON_KINDS)} THEN TRUE" for k in kinds]
    whens += [f"WHEN {k} IN {any_of(ORGANISATION_KINDS)} THEN FALSE" for k in kinds]
    whens += [f"WHEN {c} IS NOT NULL THEN FALSE" for c in codes]
    if party.kind_column:
        whens.append(f"WHEN {party.kind_column} IS NOT NULL THEN {party.kind_column} = 'person'")
    norm = f"{party.name}__norm"
    looks = f"regexp_matches({norm}, '{ORGANISATION_NAME}')"
    whens.append(
        f"WHEN {norm} IS NOT NULL THEN NOT {looks} AND (length({norm}) <= 4 OR contains({norm}, '·'))"
    )
    return f"CASE {' '.join(whens)} END"


def _identity(template: Template, party: Party) -> str:
    p = party.name
    if party.id:
        return f"'{party.scheme}:' || {party.id}"
    organisation = first_of([f"{c}__id" for c in party.codes] + _name_id(party))
    person = first_of([f"{n}__person" for n in _numbers(template, party)] + _place_id(template, party))
    if party.kind == "organisation":
        return organisation
    return (
        person
        if party.kind == "person"
        else f"CASE WHEN {p}__is_person THEN {person} ELSE {organisation} END"
    )


def _name_id(party: Party) -> list[str]:
    norm = f"{party.name}__norm"
    return [f"'name:' || {short_hash(_filled(norm))}"] if party.names else []


def _place_id(template: Template, party: Party) -> list[str]:
    """The person of this name inside the first place that the row has."""
    if not party.within or not party.names:
        return []
    place = first_of([_place(template, w) for w in party.within])
    inside = f"{place} || '|' || nullif({party.name}__norm, '')"
    return [f"'person-at:' || {short_hash(inside)}"]


def _place(template: Template, within: str) -> str:
    if within in template.by_name:
        return f"({quoted(template.name + ':')} || {within}::VARCHAR)"
    return f"{within}__id"


def _person_marks(template: Template, party: Party) -> dict[str, str]:
    """Masked number, keyed hashes of name and visible digits, organisation code: what may join, never by itself."""
    p, numbers = party.name, _numbers(template, party)
    if party.id:
        return {f"{p}__candidate": "NULL::VARCHAR", f"{p}__mask": "NULL::VARCHAR", f"{p}__org": "NULL::VARCHAR",
                f"{p}__readable": "TRUE"}  # fmt: skip
    keys = [_candidate_key(p, n, head) for n in numbers for head in (10, 6)]
    joined = (
        f"nullif('[' || concat_ws(',', {', '.join(keys)}) || ']', '[]')"
        if keys and party.names
        else "NULL::VARCHAR"
    )
    person = f"{p}__is_person"
    return {
        f"{p}__candidate": f"CASE WHEN {person} THEN {joined} END",
        f"{p}__mask": f"CASE WHEN {person} THEN {first_of([f'{n}__mask' for n in numbers])} END",
        f"{p}__org": f"CASE WHEN NOT {person} THEN {first_of([f'{c}__org' for c in party.codes])} END",
        f"{p}__readable": " AND ".join([f"({c}__c IS NULL OR {c} IS NOT NULL)" for c in party.codes])
        or "TRUE",
    }


def _candidate_key(party: str, number: str, head: int) -> str:
    """One key as JSON text, as `identifiers.candidate_keys`; null where fewer digits are visible."""
    hashed = keyed_hash(f"{party}__norm || ':{head}+4:' || {number}__v{head}")
    return f"'\"{head}+4:' || {hashed} || '\"'"


def _filled(x: str) -> str:
    return f"nullif({x}, '')"


def _kind(party: Party) -> str:
    p = party.name
    if party.entity:
        return quoted(party.entity)
    if party.id:
        return "'person'" if party.kind == "person" else "'enterprise'"
    stated = "WHEN FALSE THEN NULL"
    if party.kind_column:
        stated = (
            f"WHEN {party.kind_column} IN ('enterprise', 'individual_business', 'organization') "
            f"THEN {party.kind_column}"
        )
    return (
        f"CASE WHEN {p}__is_person THEN 'person' WHEN starts_with({p}__id, 'uscc:92') THEN 'individual_business' "
        f"WHEN starts_with({p}__id, 'uscc:9') THEN 'enterprise' "
        f"WHEN starts_with({p}__id, 'uscc:') THEN 'organization' {stated} "
        f"WHEN starts_with({p}__id, 'regno:') AND {p}__id[13:13] BETWEEN '6' AND '9' THEN 'individual_business' "
        f"WHEN starts_with({p}__id, 'regno:') OR regexp_matches({p}__norm, '公司|合伙|企业|厂|合作社') "
        f"THEN 'enterprise' ELSE 'organization' END"
    )
