"""The templates that come with the program, and those that a user writes."""

from functools import cache
from importlib import resources
from pathlib import Path

from graph_service.domain.errors import UnknownTemplate
from loaders.template.model import Template
from loaders.template.parse import parse_template, read_template_file


@cache
def load_templates() -> dict[str, Template]:
    """All built-in templates by name, in order of name.

    Raises:
        TemplateError: one has a mistake.
    """
    folder = resources.files("loaders") / "templates"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return {
        name: parse_template(f.read_text(encoding="utf-8"), name, f.name)
        for f in files
        for name in [f.name.removesuffix(".toml")]
    }


def builtin_names() -> tuple[str, ...]:
    """Names of the built-in templates."""
    return tuple(load_templates())


def read_template(reference: str | Path) -> Template:
    """The template of this name, or the one in this file.

    Raises:
        UnknownTemplate: neither a built-in name nor a file.
        TemplateError: the file has a mistake.
    """
    known = load_templates()
    if str(reference) in known:
        return known[str(reference)]
    path = Path(reference)
    if not path.is_file():
        raise UnknownTemplate(
            f"There is no template {reference}: give one of `credit-graph templates list`, or the path of a .toml file."
        )
    return read_template_file(path)
