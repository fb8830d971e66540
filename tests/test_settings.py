import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from graph_service.domain.errors import WrongCall
from graph_service.settings import (
    SETTINGS_HELP,
    SettingHelp,
    Settings,
    home_of,
    settings_from,
    settings_table,
    sqlite_path,
)

ROOT = Path(__file__).parent.parent
MANUAL = ROOT / "docs" / "settings.md"


def test_every_setting_has_a_variable_a_default_and_a_sentence_of_help() -> None:
    assert [entry.name for entry in SETTINGS_HELP] == [entry.name for entry in fields(Settings)]
    for entry in SETTINGS_HELP:
        assert entry.variable == f"CREDIT_GRAPH_{entry.name.upper()}"
        assert entry.default
        assert entry.help.endswith(".")


def test_the_manual_holds_the_table_of_all_settings_as_the_program_knows_them() -> None:
    assert settings_table() in MANUAL.read_text("utf-8")


def test_the_program_reads_no_variable_that_is_not_documented() -> None:
    sources = [
        path for folder in ("graph_service", "loaders", "models") for path in (ROOT / folder).rglob("*.py")
    ]
    named = {
        name for path in sources for name in re.findall(r"CREDIT_GRAPH_[A-Z0-9_]+", path.read_text("utf-8"))
    }
    assert named == {entry.variable for entry in SETTINGS_HELP}


def test_an_empty_environment_gives_the_defaults() -> None:
    assert settings_from({}) == Settings(
        store="sqlite:///credit-graph.db",
        home=Path("credit-graph.db.d"),
        neo4j_user="neo4j",
        neo4j_password=None,
        person_key=None,
        log_level="warning",
        log_format="plain",
    )


def test_variables_set_everything() -> None:
    settings = settings_from(
        {
            "CREDIT_GRAPH_STORE": "sqlite:////data/city.db",
            "CREDIT_GRAPH_HOME": "/data/home",
            "CREDIT_GRAPH_NEO4J_USER": "office",
            "CREDIT_GRAPH_NEO4J_PASSWORD": "p",
            "CREDIT_GRAPH_PERSON_KEY": "k",
            "CREDIT_GRAPH_LOG_LEVEL": "DEBUG",
            "CREDIT_GRAPH_LOG_FORMAT": "json",
        }
    )
    assert settings == Settings(
        "sqlite:////data/city.db", Path("/data/home"), "office", "p", "k", "debug", "json"
    )


def test_the_option_wins_over_the_variable_and_moves_the_home_with_it() -> None:
    settings = settings_from({"CREDIT_GRAPH_STORE": "sqlite:///a.db"}, store="sqlite:///folder/b.db")
    assert settings.store == "sqlite:///folder/b.db"
    assert settings.home == Path("folder/b.db.d")


@pytest.mark.parametrize("entry", SETTINGS_HELP, ids=lambda entry: entry.variable)
def test_an_empty_variable_counts_as_unset(entry: SettingHelp) -> None:
    assert settings_from({entry.variable: ""}) == settings_from({})


def test_a_store_that_is_no_file_keeps_its_state_in_the_working_folder() -> None:
    assert home_of("neo4j://localhost") == Path("credit-graph.d")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///x.db", Path("x.db")),
        ("sqlite:////srv/x.db", Path("/srv/x.db")),
        ("sqlite:///", None),
        ("bolt://localhost", None),
    ],
)
def test_the_file_of_a_store_is_read_from_its_url(url: str, path: Path | None) -> None:
    assert sqlite_path(url) == path


def test_a_value_outside_the_choices_is_a_wrong_call_that_says_which_there_are() -> None:
    with pytest.raises(
        WrongCall, match=r"CREDIT_GRAPH_LOG_LEVEL is set to 'loud'; set it to one of debug, info"
    ):
        settings_from({"CREDIT_GRAPH_LOG_LEVEL": "loud"})


def test_the_person_key_never_shows() -> None:
    assert "secret" not in repr(settings_from({"CREDIT_GRAPH_PERSON_KEY": "secret"}))


def test_settings_do_not_change_once_made() -> None:
    with pytest.raises(FrozenInstanceError):
        settings_from({}).store = "sqlite:///other.db"  # type: ignore[misc]
