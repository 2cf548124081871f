"""The layer in front of Django, called as a server calls it."""

from __future__ import annotations

import io
import json
import logging
import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from newsroom.serving import requestid
from newsroom.serving.accesslog import AccessLog
from newsroom.serving.bodies import Bodies, Limits
from newsroom.serving.front import Front
from newsroom.serving.hosts import KEPT_VERDICTS, Hosts

LIMITS = Limits(at_once=2, drain_bytes=1000, patience_seconds=0.05)


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


class Pieces:
    """A body that arrives in pieces, each after its delay, and breaks off where the pieces end."""

    def __init__(self, *pieces: tuple[float, bytes]) -> None:
        self.pieces = list(pieces)
        self.left = threading.Event()

    def read(self, size: int, /) -> bytes:
        if not self.pieces:
            return b""
        delay, data = self.pieces.pop(0)
        self.left.wait(delay)
        return data


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
        bodies=Bodies(LIMITS),
        most_bytes={"": 100, "/admin/": 1000},
        log=AccessLog(0.0, lines.append),
    )


def post(front: Front, data: bytes | Pieces, length: int | None = None, **environ: Any) -> Answer:
    """Send a body; `length` is what the sender claims."""
    stream = data if isinstance(data, Pieces) else io.BytesIO(data)
    size = len(data) if isinstance(data, bytes) and length is None else length
    return Answer(front, REQUEST_METHOD="POST", CONTENT_LENGTH=str(size), **{"wsgi.input": stream, **environ})


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
    assert len(hosts._verdicts) <= KEPT_VERDICTS


def test_missing_host_is_refused_without_an_error(front: Front) -> None:
    answer = Answer(front, HTTP_HOST="")
    assert answer.status == 400
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["Content-Length"] == str(len(answer.body))


def test_nul_in_the_path_is_refused(front: Front, site: Site) -> None:
    assert Answer(front, PATH_INFO="/a\0b").status == 400
    assert site.seen == []


def test_whole_body_reaches_the_site(front: Front, site: Site) -> None:
    assert post(front, b"x" * 100).status == 200
    assert site.seen == [b"x" * 100]


def test_body_in_pieces_reaches_the_site_whole(front: Front, site: Site) -> None:
    assert post(front, Pieces((0.05, b"a" * 10), (0.05, b"b" * 10)), 20).status == 200
    assert site.seen == [b"a" * 10 + b"b" * 10]


def test_large_body_waits_on_disk_and_arrives(site: Site) -> None:
    front = Front(
        site, hosts=Hosts(["*"]), bodies=Bodies(LIMITS), most_bytes={"": 3 * 2**20}, log=AccessLog(0.0, lambda _: None)
    )
    data = bytes(range(256)) * 8192
    assert post(front, data).status == 200
    assert site.seen == [data]


@pytest.mark.parametrize(
    ("path", "size", "status"), [("/", 101, 413), ("/admin/x", 1000, 200), ("/admin/x", 1001, 413)]
)
def test_too_large_a_body_is_refused_by_its_stated_size(
    front: Front, site: Site, path: str, size: int, status: int
) -> None:
    assert post(front, b"x" * size, PATH_INFO=path).status == status
    assert len(site.seen) == (status == 200)


def test_refused_body_is_taken_off_the_line_when_small_enough(front: Front) -> None:
    small, large = io.BytesIO(b"x" * 1000), io.BytesIO(b"x" * 1001)
    assert post(front, b"", 1000, **{"wsgi.input": small}).status == 413
    assert post(front, b"", 1001, **{"wsgi.input": large}).status == 413
    assert small.tell() == 1000
    assert large.tell() == 0


def test_body_that_breaks_off_never_reaches_the_site(front: Front, site: Site) -> None:
    assert post(front, b"half", 8).status == 400
    assert site.seen == []


@pytest.mark.parametrize("environ", [{"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "-1"}])
def test_body_must_state_its_length(front: Front, site: Site, environ: dict[str, str]) -> None:
    assert Answer(front, REQUEST_METHOD="POST", **environ).status == 411
    assert site.seen == []


def test_only_so_many_bodies_at_once(front: Front, site: Site) -> None:
    held = [Pieces((30, b"x")) for _ in range(LIMITS.at_once)]
    answers: list[int] = []
    threads = [threading.Thread(target=lambda body=body: answers.append(post(front, body, 1).status)) for body in held]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    refused = post(front, b"mine")
    assert (refused.status, refused.headers["Retry-After"]) == (503, "5")
    assert Answer(front).status == 200, "readers are not held up"
    for body in held:
        body.left.set()
    for thread in threads:
        thread.join()
    assert answers == [200] * LIMITS.at_once
    assert post(front, b"mine").status == 200


def test_a_form_that_is_here_leaves_its_place_to_the_next(site: Site) -> None:
    """Sixteen through two places, none of which is answered before all have arrived."""
    gate = threading.Barrier(16, timeout=5)

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        gate.wait()
        return site(environ, start_response)

    front = Front(
        slow,
        hosts=Hosts(["*"]),
        bodies=Bodies(Limits(at_once=2, patience_seconds=5)),
        most_bytes={"": 3 * 2**20},
        log=AccessLog(0.0, lambda _: None),
    )
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: post(front, b"x" * 5000).status, range(16))) == [200] * 16


def test_a_large_body_keeps_its_place_until_it_is_answered(site: Site) -> None:
    answering, done = threading.Semaphore(0), threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answering.release()
        done.wait(5)
        return site(environ, start_response)

    front = Front(
        slow, hosts=Hosts(["*"]), bodies=Bodies(LIMITS), most_bytes={"": 3 * 2**20}, log=AccessLog(0.0, lambda _: None)
    )
    with ThreadPoolExecutor(LIMITS.at_once) as pool:
        held = [pool.submit(lambda: post(front, b"x" * 2**20).status) for _ in range(LIMITS.at_once)]
        for _ in held:
            assert answering.acquire(timeout=5)
        time.sleep(2 * LIMITS.patience_seconds)
        assert post(front, b"mine").status == 503
        done.set()
        assert [each.result() for each in held] == [200, 200]


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
    front = Front(
        site, hosts=Hosts(["*"]), bodies=Bodies(LIMITS), most_bytes={"": 100}, log=AccessLog(1.0, lines.append)
    )
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
    front = Front(
        site, hosts=Hosts(["*"]), bodies=Bodies(LIMITS), most_bytes={"": 100}, log=AccessLog(1.0, lines.append)
    )
    Answer(front, PATH_INFO='/a\n{"status": 200}\r\x1b[31m\x85' + "\u00e9".encode().decode("latin-1") + "x" * 5000)
    assert len(lines) == 1
    assert lines[0].count("\n") == 1
    assert "\x1b" not in lines[0]
    assert len(lines[0]) < 600
    assert "é" in json.loads(lines[0])["path"]


def test_ordinary_requests_are_sampled_away(front: Front, lines: list[str]) -> None:
    Answer(front)
    assert lines == []
