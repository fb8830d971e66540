import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_service.logs import PACKAGES, configure_logs, without_numbers


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    yield io.StringIO()
    for name in PACKAGES:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",
        "11010519491231002X",
        "11010519491231002x",
        "110105491231002",
        "１１０１０５４９１２３１００２",
    ],
)
def test_an_identity_number_becomes_stars_wherever_it_stands(number: str) -> None:
    assert without_numbers(f"证件{number}号") == f"证件{'*' * len(number)}号"


@pytest.mark.parametrize("text", ["91411202MA40AB121R", "13800138000", "20240131", "12345678901234567890"])
def test_codes_telephones_and_dates_stay_readable(text: str) -> None:
    assert without_numbers(text) == text


@given(st.text(), st.sampled_from(["110105194912310021", "11010519491231002X", "110105491231002"]), st.text())
def test_no_text_around_a_number_lets_it_through_unless_it_lengthens_it(
    before: str, number: str, after: str
) -> None:
    touches = (before[-1:] + after[:1]).isdecimal() or before[-1:].isdecimal() or after[:1].isdecimal()
    assert touches or number not in without_numbers(before + number + after)


@pytest.mark.parametrize("form", ["plain", "json"])
def test_neither_arguments_nor_tracebacks_carry_a_number(stream: io.StringIO, form: str) -> None:
    configure_logs("info", "json" if form == "json" else "plain", stream)
    try:
        int("11010519491231002X")
    except ValueError:
        logging.getLogger("loaders.reader").exception("row of %s failed", "110105194912310021")
    written = stream.getvalue()
    assert "1101051949" not in written
    assert "ValueError" in written
    assert "row of ****************** failed" in written


def test_json_lines_hold_time_level_logger_and_message(stream: io.StringIO) -> None:
    configure_logs("info", "json", stream)
    logging.getLogger("graph_service.store").info("读完 %d 行", 7)
    entry = json.loads(stream.getvalue())
    assert entry.pop("time").endswith("+08:00")
    assert entry == {"level": "info", "logger": "graph_service.store", "message": "读完 7 行"}


def test_what_lies_below_the_level_is_left_out(stream: io.StringIO) -> None:
    configure_logs("warning", "plain", stream)
    logging.getLogger("models.train").info("nobody asked")
    assert stream.getvalue() == ""


def test_a_second_call_replaces_the_first(stream: io.StringIO) -> None:
    configure_logs("info", "plain", stream)
    configure_logs("info", "plain", stream)
    logging.getLogger("loaders").info("once")
    assert stream.getvalue().count("once") == 1
