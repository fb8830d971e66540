"""LDBC FinBench: companies, persons, investments, guarantees and loans, in files separated by bars.

The whole folder is one delivery. What each file means is a template of its own, in `finbench_parts`.
"""

import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from graph_service.domain.errors import TemplateMismatch
from loaders.discover import Matched
from loaders.part import Bundle, Part
from loaders.reader import SourceFile, inspect
from loaders.template import Template, load_templates, match_headers
from loaders.template.parse import parse_template

NAME = "finbench"
FILES = (
    "Company", "Person", "CompanyInvestCompany", "PersonInvestCompany", "CompanyGuaranteeCompany",
    "PersonGuaranteePerson", "Loan", "CompanyApplyLoan", "PersonApplyLoan",
)  # fmt: skip
"""The files of the data set, in the order in which they are read; loans before who applied for them."""
_KEEP_LOANS = "CREATE OR REPLACE TABLE loans AS SELECT loanId, loanAmount, balance FROM rows"
_ADD_LOANS = (
    "CREATE OR REPLACE TABLE rows AS "
    "SELECT rows.*, loanAmount, balance FROM rows LEFT JOIN loans USING (loanId)"
)
_LOAN_COLUMNS = ("loanAmount", "balance")


def is_data_set(folder: Path) -> bool:
    """Whether a folder holds this data set."""
    return all((folder / f"{name}.csv").is_file() for name in FILES[:3])


def owns(path: Path) -> bool:
    """Whether a file of such a folder belongs to the data set."""
    return path.stem in FILES or path.name == "LICENSE.txt"


@cache
def part_templates() -> dict[str, Template]:
    """The template of each file."""
    folder = resources.files("loaders.formats") / "finbench_parts"
    return {
        n: parse_template((folder / f"{n}.toml").read_text(encoding="utf-8"), NAME, f"{n}.toml")
        for n in FILES
    }


def bundle(folder: Path) -> Bundle:
    """The folder as one delivery.

    Raises:
        TemplateMismatch: a file lacks a column.
        UnreadableFile: a file is empty or damaged.
    """
    sources = {n: inspect(folder / f"{n}.csv") for n in FILES if (folder / f"{n}.csv").is_file()}
    digest = hashlib.sha256("\n".join(f"{n} {s.sha256}" for n, s in sorted(sources.items())).encode())
    parts = tuple(_part(n, s, has_loans="Loan" in sources) for n, s in sources.items())
    return Bundle(load_templates()[NAME], parts, digest.hexdigest())


def _part(name: str, source: SourceFile, *, has_loans: bool) -> Part:
    template = part_templates()[name]
    joins = has_loans and name.endswith("ApplyLoan")
    headers = match_headers(template, (*source.header, *(_LOAN_COLUMNS if joins else ())))
    _check_columns(template, headers, source)
    statements = (_KEEP_LOANS,) if name == "Loan" else (_ADD_LOANS,) if joins else ()
    return Part(Matched(source, template, headers, None), statements)


def _check_columns(template: Template, headers: dict[str, str], source: SourceFile) -> None:
    missing: Sequence[str] = [c.headers[0] for c in template.columns if c.required and c.name not in headers]
    if missing:
        raise TemplateMismatch(
            f"{source.path.name} lacks the required column {missing[0]} of {NAME}; add it."
        )
