"""The layer in front of Django, called as a server calls it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from newsroom.serving import requestid
from newsroom.serving.accesslog import AccessLog
from newsroom.serving.front import ANSWERS, Front, as_bytes
from newsroom.serving.hosts import KEPT_VERDICTS, LONGEST, Hosts


class Site:
    """An application that remembers what reached it."""

    def __init__(self) -> None:
        self.seen: list[bytes] = []
        self.ids: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.seen.append(environ["wsgi.input"].read())
        self.ids.append(requestid.current.get())
        if environ["PATH_INFO"] == "/broken":
            raise RuntimeError("nobody caught this")
        start_response("404 Not Found" if environ["PATH_INFO"] == "/none" else "200 OK", [])
        return [b"ok"]


class Answer:
    """What a server would send."""

    def __init__(self, front: Front, **environ: Any) -> None:
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/",
            "HTTP_HOST": "news.example",
            "wsgi.input": io.BytesIO(),
            **environ,
        }
        self.body = b"".join(front(environ, self.start))

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
        self.status = int(status[:3])
        self.headers = dict(headers)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def front(site: Site, lines: list[str]) -> Front:
    return Front(
        site,
        hosts=Hosts(["news.example", ".lintang.example"]),
        log=AccessLog(0.0, lines.append),
    )


@pytest.mark.parametrize("host", ["news.example", "news.example:8000", "NEWS.EXAMPLE", "desk.lintang.example"])
def test_our_hosts_reach_the_site(front: Front, site: Site, host: str) -> None:
    assert Answer(front, HTTP_HOST=host).status == 200
    assert len(site.seen) == 1


@pytest.mark.parametrize(
    "host",
    ["", "evil.example", "news.example,evil.example", "news.example.evil", "news.example@evil", "news.example:x"],
)
def test_foreign_hosts_do_not(front: Front, site: Site, host: str) -> None:
    for _ in range(2):
        assert Answer(front, HTTP_HOST=host).status == 400
    assert site.seen == []


def test_invented_hosts_do_not_fill_the_memory() -> None:
    hosts = Hosts(["news.example"])
    for number in range(KEPT_VERDICTS * 3):
        assert not hosts.allow(f"{number}.evil")
        assert hosts.allow("news.example")
        assert not hosts.allow(f"news.example:{number}{'0' * LONGEST}")
    assert len(hosts._verdicts) <= KEPT_VERDICTS
    assert max(map(len, hosts._verdicts)) <= LONGEST


def test_missing_host_is_refused_without_an_error(front: Front) -> None:
    answer = Answer(front, HTTP_HOST="")
    assert answer.status == 400
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Content-Length"] == str(len(answer.body))


def test_nul_in_the_path_is_refused(front: Front, site: Site) -> None:
    assert Answer(front, PATH_INFO="/a\0b").status == 400
    assert site.seen == []


def test_each_request_has_a_number_of_ours(front: Front, site: Site) -> None:
    numbers = {Answer(front, HTTP_X_REQUEST_ID="forged").headers["X-Request-ID"] for _ in range(3)}
    assert len(numbers) == 3
    assert "forged" not in numbers
    assert set(site.ids) == numbers


def test_a_forked_process_gives_numbers_of_its_own() -> None:
    read, write = os.pipe()
    if not (child := os.fork()):
        os.write(write, requestid.new().encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs, ours = os.read(read, 100).decode(), requestid.new()
    os.close(read)
    os.close(write)
    assert len(theirs) == len(ours)
    assert theirs[:12] != ours[:12]


@pytest.mark.parametrize("why", ANSWERS)
def test_refusals_are_numbered_logged_and_kept_by_nobody(front: Front, site: Site, lines: list[str], why: str) -> None:
    heads: list[tuple[str, dict[str, str]]] = []
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/x"}
    body = b"".join(front.refusing(why)(environ, lambda status, headers: heads.append((status, dict(headers)))))
    ((status, headers),) = heads
    assert status == ANSWERS[why][0]
    assert body.decode().count("\n") == 2, "in both languages"
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert len(headers["X-Request-ID"]) == 20
    assert [json.loads(line)["request"] for line in lines] == [headers["X-Request-ID"]] * (int(status[:3]) >= 500)
    assert site.seen == []
    assert as_bytes(why).startswith(b"HTTP/1.1 %b\r\ndate: " % status.encode())


def test_log_lines_carry_the_number() -> None:
    record = logging.makeLogRecord({})
    requestid.current.set("abc")
    assert requestid.RequestIdFilter().filter(record)
    assert record.__dict__["request_id"] == "abc"


def test_failure_outside_django_is_answered_and_logged(
    front: Front, lines: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = Answer(front, PATH_INFO="/broken")
    assert answer.status == 500
    assert b"RuntimeError" not in answer.body
    assert "nobody caught this" in caplog.text
    line = json.loads(lines[0])
    assert (line["status"], line["request"]) == (500, answer.headers["X-Request-ID"])


def test_access_log_samples_and_holds_no_personal_data(site: Site) -> None:
    lines: list[str] = []
    front = Front(site, hosts=Hosts(["*"]), log=AccessLog(1.0, lines.append))
    Answer(
        front,
        PATH_INFO="/none",
        QUERY_STRING="email=rea@example.org",
        REMOTE_ADDR="203.0.113.9",
        HTTP_USER_AGENT="Mozilla",
        HTTP_COOKIE="session=1",
    )
    assert json.loads(lines[0]).keys() == {"at", "request", "method", "path", "status", "ms"}
    assert not any(word in lines[0] for word in ("rea@", "203.0", "Mozilla", "session"))


@pytest.mark.parametrize("path", ["/accounts/password/reset/key/1-set/geheim", "/komentar/terkirim/geheim/"])
def test_access_log_holds_no_secret_of_an_address(site: Site, path: str) -> None:
    lines: list[str] = []
    AccessLog(1.0, lines.append).note("abc", "GET", path, 200, 0.1)
    assert "geheim" not in lines[0]
    assert json.loads(lines[0])["path"] == path.partition("1-set")[0].partition("geheim")[0] + "..."


def test_nothing_in_a_path_makes_a_second_log_line(site: Site) -> None:
    lines: list[str] = []
    front = Front(site, hosts=Hosts(["*"]), log=AccessLog(1.0, lines.append))
    Answer(front, PATH_INFO='/a\n{"status": 200}\r\x1b[31m\x85' + "\u00e9".encode().decode("latin-1") + "x" * 5000)
    assert len(lines) == 1
    assert lines[0].count("\n") == 1
    assert "\x1b" not in lines[0]
    assert len(lines[0]) < 600
    assert "é" in json.loads(lines[0])["path"]


def test_ordinary_requests_are_sampled_away(front: Front, lines: list[str]) -> None:
    Answer(front)
    assert lines == []


STUCK = """
import os, sys, time
from newsroom.serving.accesslog import AccessLog
log = AccessLog(1.0)
began = time.monotonic()
for number in range(5000):
    log.note(str(number), "GET", "/" + "x" * 150, 200, 0.1)
os.write(2, b"%.3f" % (time.monotonic() - began))
os._exit(0)
"""


def test_a_log_nobody_reads_delays_nobody() -> None:
    with subprocess.Popen([sys.executable, "-c", STUCK], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        # Nothing is taken from the pipe, which holds 64 KiB.
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert float(process.stderr.read()) < 5


def test_lines_are_written_in_their_order() -> None:
    program = STUCK.replace("5000", "200").replace("os.write(2,", "time.sleep(0.5); os.write(2,")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert [json.loads(line)["request"] for line in done.stdout.splitlines()] == [str(number) for number in range(200)]
