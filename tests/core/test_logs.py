"""No request writes log lines of its own."""

from __future__ import annotations

import logging

import pytest

from newsroom.core.logs import LineFormatter

FORMATTER = LineFormatter("{levelname} {message}", style="{")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("/a\nERROR forged", "/a\\u000aERROR forged"),
        ("\r\n\x85\u2028", "\\u000d\\u000a\\u0085\\u2028"),
        ("\x1b[31mred", "\\u001b[31mred"),
        ("\u202egnp", "\\u202egnp"),
        ("Erdoğan 👩‍🚀", "Erdoğan 👩‍🚀"),
    ],
)
def test_a_record_is_one_line(text: str, written: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "", 0, "Not found: %s", (text,), None)
    assert FORMATTER.format(record) == f"INFO Not found: {written}"


def test_a_traceback_cannot_pass_for_a_record() -> None:
    try:
        raise ValueError("x\nERROR forged\x1b[2J")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "Failed", (), (type(error), error, error.__traceback__))
    first, *rest = FORMATTER.format(record).split("\n")
    assert first == "ERROR Failed"
    assert rest
    assert all(line.startswith("    ") and "\x1b" not in line for line in rest)
