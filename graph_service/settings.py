"""Every setting of the program, in one frozen object with its help; read from a mapping, never at import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from graph_service.domain.errors import WrongCall
from graph_service.logs import LogFormat

DEFAULT_STORE = "sqlite:///credit-graph.db"
LogLevel = Literal["debug", "info", "warning", "error"]
SQLITE_SCHEME = "sqlite:///"


@dataclass(frozen=True, slots=True)
class SettingHelp:
    """What a reader of the manual learns about one setting. `choices` empty: any text."""

    name: str
    variable: str
    default: str
    help: str
    choices: tuple[str, ...] = ()


SETTINGS_HELP = (
    SettingHelp(
        "store",
        "CREDIT_GRAPH_STORE",
        f"`{DEFAULT_STORE}`",
        "Where the facts live, as a URL; `--store` goes before it.",
    ),
    SettingHelp(
        "home",
        "CREDIT_GRAPH_HOME",
        "`PATH.d` beside the SQLite file `PATH`, else `./credit-graph.d`",
        "Folder of what is made from the facts, and the audit log: snapshots, models, the rules overlay, `audit`.",
    ),
    SettingHelp(
        "neo4j_user",
        "CREDIT_GRAPH_NEO4J_USER",
        "`neo4j`",
        "Who logs in at a Neo4j server.",
    ),
    SettingHelp(
        "neo4j_password",
        "CREDIT_GRAPH_NEO4J_PASSWORD",
        "none",
        "The password there; without it the server is asked without logging in.",
    ),
    SettingHelp(
        "person_key",
        "CREDIT_GRAPH_PERSON_KEY",
        "none",
        "Secret under which ID numbers are hashed. Without it deliveries with persons are refused.",
    ),
    SettingHelp(
        "log_level",
        "CREDIT_GRAPH_LOG_LEVEL",
        "`warning`",
        "How much is logged to standard error; at `debug` an unexpected error shows where it happened.",
        choices=("debug", "info", "warning", "error"),
    ),
    SettingHelp(
        "log_format",
        "CREDIT_GRAPH_LOG_FORMAT",
        "`plain`",
        "Lines for people, or one JSON object a line for a log collector.",
        choices=("plain", "json"),
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user may set, as `SETTINGS_HELP` documents it. Secrets never show in a repr."""

    store: str
    home: Path
    neo4j_user: str
    neo4j_password: str | None = field(repr=False)
    person_key: str | None = field(repr=False)
    log_level: LogLevel
    log_format: LogFormat


def settings_table() -> str:
    """The settings as the Markdown table of `docs/settings.md`."""
    rows = ["| variable | default | what it does |", "|---|---|---|"]
    for entry in SETTINGS_HELP:
        choices = f" One of {', '.join(f'`{choice}`' for choice in entry.choices)}." if entry.choices else ""
        rows.append(f"| `{entry.variable}` | {entry.default} | {entry.help}{choices} |")
    return "\n".join(rows) + "\n"


def sqlite_path(store: str) -> Path | None:
    """The file behind `sqlite:///PATH` (a fourth slash makes it absolute), None for another kind of store.

    >>> sqlite_path("sqlite:///city.db"), sqlite_path("sqlite:////var/lib/city.db").is_absolute()
    (PosixPath('city.db'), True)
    """
    path = store.removeprefix(SQLITE_SCHEME)
    return Path(path) if path and path != store else None


def home_of(store: str) -> Path:
    """Where a store's state lives unless told otherwise: `PATH.d` beside its file, else `credit-graph.d`."""
    path = sqlite_path(store)
    return path.with_name(path.name + ".d") if path else Path("credit-graph.d")


def _choice(environ: Mapping[str, str], name: str, default: str) -> str:
    about = next(entry for entry in SETTINGS_HELP if entry.name == name)
    value = environ.get(about.variable, "").strip().lower() or default
    if value not in about.choices:
        message = f"{about.variable} is set to '{value}'; set it to one of {', '.join(about.choices)}."
        raise WrongCall(message)
    return value


def settings_from(environ: Mapping[str, str], store: str | None = None) -> Settings:
    """Settings from the environment's variables; `store` (from `--store`) wins over CREDIT_GRAPH_STORE.

    An empty variable counts as unset. Raises WrongCall for a value outside a setting's choices.
    """
    url = store or environ.get("CREDIT_GRAPH_STORE") or DEFAULT_STORE
    home = environ.get("CREDIT_GRAPH_HOME")
    return Settings(
        store=url,
        home=Path(home) if home else home_of(url),
        neo4j_user=environ.get("CREDIT_GRAPH_NEO4J_USER") or "neo4j",
        neo4j_password=environ.get("CREDIT_GRAPH_NEO4J_PASSWORD") or None,
        person_key=environ.get("CREDIT_GRAPH_PERSON_KEY") or None,
        log_level=cast("LogLevel", _choice(environ, "log_level", "warning")),
        log_format=cast("LogFormat", _choice(environ, "log_format", "plain")),
    )
