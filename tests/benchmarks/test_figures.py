"""Figures say by how much a goal is missed; what wrk prints is read whole."""

from __future__ import annotations

import pytest

from benchmarks import load
from benchmarks.figures import Figure, number, table, verdict

WRK = """Running 2s test @ http://127.0.0.1:8000/
  2 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.20ms    3.00ms  40.00ms   91.00%
    Req/Sec    10.00k     1.00k   12.00k    70.00%
  Latency Distribution
     50%  610.00us
     75%    1.10ms
     90%    2.00ms
     99%    1.02s
  40321 requests in 2.10s, 300.00MB read
  Socket errors: connect 1, read 2, write 3, timeout 4
  Non-2xx or 3xx responses: 5
Requests/sec:  19200.48
Transfer/sec:    142.86MB
"""


def figure(ours: float, beside: float, **fields: object) -> Figure:
    return Figure("story", ours, beside, "nginx", "requests/s", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (figure(95, 100, goal=0.9), "at least 0.9: met"),
        (figure(45, 100, goal=0.9), "at least 0.9: missed by 50%"),
        (figure(120, 100, goal=1.25, kind="most"), "at most 1.25: met"),
        (figure(250, 100, goal=1.25, kind="most"), "at most 1.25: missed by 100%"),
        (figure(1, 1), ""),
    ],
)
def test_verdict_tells_how_far_off(one: Figure, says: str) -> None:
    assert verdict(one) == says


def test_ratio_of_pairs_is_their_median() -> None:
    assert figure(100, 100, ratios=(0.5, 0.9, 0.95)).ratio == 0.9


def test_table_prints_every_pair_and_note() -> None:
    lines = table([figure(18_000, 20_000, ratios=(0.9, 0.91), goal=0.9, note="Two cores.")])
    assert lines[2] == "| story | 18,000 requests/s | 20,000 requests/s, nginx | 0.905 | at least 0.9: met |"
    assert "story, each pair: 0.9, 0.91." in lines
    assert lines[-1] == "story: Two cores."


def test_output_of_wrk_is_read() -> None:
    read = load.read(WRK)
    assert (read.requests, read.per_second) == (40_321, 19_200.48)
    assert (read.p50, read.p99) == pytest.approx((0.61, 1020))
    assert read.errors == 15


def test_output_without_errors_has_none() -> None:
    clean = "\n".join(line for line in WRK.splitlines() if "errors" not in line and "Non-2xx" not in line)
    assert load.read(clean).errors == 0


@pytest.mark.parametrize(
    ("value", "printed"), [(31.0, "31"), (31.25, "31.2"), (0.0567, "0.0567"), (12_345.6, "12,346")]
)
def test_numbers_have_three_digits(value: float, printed: str) -> None:
    assert number(value) == printed
