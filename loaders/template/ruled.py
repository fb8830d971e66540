"""A template under the rules of an office: what its enums mean, and whether the rules know the records it yields."""

from dataclasses import replace

from graph_service.domain.errors import RulesError, TemplateError
from graph_service.domain.facts import FactKind
from graph_service.rules import Rules
from loaders.template.model import Column, Template


def ruled(template: Template, rules: Rules) -> Template:
    """The template with the spellings that the rules' tables give to its enums.

    Raises:
        TemplateError: a table or a kind of record that the rules do not have.
    """
    for rule in template.facts:
        if rule.kind is FactKind.RECORD and rule.role and not rules.has_kind(rule.role):
            raise TemplateError(
                f'{rule.place}: the record kind "{rule.role}" is in no rules; '
                "add it to rules/record_kinds.toml in CREDIT_GRAPH_HOME."
            )
    columns = tuple(_ruled(c, rules) for c in template.columns)
    return replace(template, columns=columns, by_name={c.name: c for c in columns})


def _ruled(column: Column, rules: Rules) -> Column:
    """The column with all its values; the feed's own stand first, so that they win."""
    if column.table is None:
        return column
    try:
        return replace(column, values=(*column.values, *rules.spelled(column.table)))
    except RulesError as e:
        raise TemplateError(f"{column.place}: {e}") from e
