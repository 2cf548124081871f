"""Comments sent to a whole served newsroom, on both databases: many at once, the same one at once, through kills.

SOAK_ROUNDS (20) kills of a web process on each database, drawn with SOAK_SEED, which is printed.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import random
import re
import signal
import sqlite3
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from html import escape
from urllib.parse import urlencode

import pytest

from benchmarks import scene
from benchmarks.writes import BehindProxy
from tests import machine
from tests.serving.procs import children, eventually, name_of

ROUNDS = int(os.environ.get("SOAK_ROUNDS", "20"))
# A killed worker is there again within some seconds; a busy machine takes its time.
BACK_SECONDS = 30.0
SENDERS = 6
TEXTS = "from comments.models import Comment; print('\\n'.join(Comment.objects.values_list('text', flat=True)))"


@dataclass
class Conversation:
    """A story that is commented on, on a served newsroom."""

    newsroom: BehindProxy
    path: str
    token: str = ""
    # Text -> the address of the receipt, as it was acknowledged.
    acknowledged: dict[str, str] = field(default_factory=dict)
    # Posts whose connection ended without an answer.
    broken_off: int = 0

    def open(self) -> None:
        """Read the form that stands under the story."""
        with urllib.request.urlopen(self.newsroom.url + self.path) as answer:
            found = re.search(r'name="token" value="([^"]+)"', answer.read().decode())
        assert found
        self.token = found[1]

    def send(self, text: str, address: str) -> tuple[int, str]:
        """Send a comment; return the status and where the answer leads."""
        answer, _page = self.send_and_read(text, address)
        return answer.status, answer.headers.get("Location", "")

    def send_and_read(self, text: str, address: str) -> tuple[http.client.HTTPResponse, str]:
        """Send a comment; return the answer and its page."""
        fields = {"text": text, "name": "Rea", "email": "rea@example.com", "token": self.token, "website": ""}
        number = self.path.rstrip("/").rpartition("-")[2]
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.newsroom.url,
            "X-Forwarded-For": address,
        }
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.newsroom.port, timeout=60)) as connection:
            connection.request("POST", f"/komentar/{number}/", urlencode(fields), headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()

    def send_until_taken(self, text: str, address: str) -> None:
        """Send a comment again, just as it is, until it is acknowledged: what a reader does whose line broke off."""
        deadline = time.monotonic() + BACK_SECONDS
        while time.monotonic() < deadline:
            try:
                status, receipt = self.send(text, address)
            except (OSError, http.client.HTTPException):
                self.broken_off += 1
            else:
                assert status == 303, f"answered with {status}: {text}"
                self.acknowledged[text] = receipt
                return
            time.sleep(0.1)
        raise AssertionError(f"not taken within {BACK_SECONDS} s: {text}")

    def stored(self) -> Counter[str]:
        """Return how often each text stands in the database."""
        return Counter(self.newsroom.manage("shell", "--no-imports", "-c", TEXTS).splitlines())


def address_of(number: int) -> str:
    """Return an address in a network of its own."""
    return f"10.{number // 250 % 250}.{number % 250}.7"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def newsroom(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BehindProxy]:
    with contextlib.ExitStack() as stack:
        url = ""
        if request.param == "postgresql":
            url = machine.create_database(stack.enter_context(machine.postgres(is_durable=True)), "posting")
        newsroom = BehindProxy(tmp_path_factory.mktemp(request.param), url)
        scene.lay_out(newsroom)
        newsroom.start()
        stack.callback(newsroom.stop)
        yield newsroom


@pytest.fixture
def conversation(newsroom: BehindProxy) -> Conversation:
    opened = Conversation(newsroom, scene.stories(newsroom, 1)[0])
    opened.open()
    return opened


def test_400_comments_of_fifty_at_once_are_all_taken(conversation: Conversation) -> None:
    texts = [f"Pendapat nomor {number} dari lima puluh orang sekaligus." for number in range(400)]
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(conversation.send, texts, map(address_of, range(400))))
    assert Counter(status for status, _receipt in answers) == {303: 400}
    assert len({receipt for _status, receipt in answers}) == 400
    stored = conversation.stored()
    assert {text: stored[text] for text in texts} == dict.fromkeys(texts, 1)


def test_the_same_comment_200_times_is_one_with_equal_answers(conversation: Conversation) -> None:
    text = "Satu pendapat yang dikirim dua ratus kali oleh jari yang gugup."
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: conversation.send(text, "192.0.2.9"), range(200)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 303
    assert conversation.stored()[text] == 1


def test_a_database_that_stays_locked_keeps_what_was_typed_and_takes_it_later(conversation: Conversation) -> None:
    """Of SQLite: another program writes for longer than anybody waits. Readers go on reading."""
    if conversation.newsroom.database_url:
        pytest.skip("PostgreSQL locks no database.")
    texts = [f"Pendapat nomor {number} di depan pintu yang terkunci & <b>tertutup</b>." for number in range(16)]
    path = conversation.newsroom.var / "newsroom.sqlite3"
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other, ThreadPoolExecutor(16) as pool:
        other.execute("BEGIN IMMEDIATE")
        sent = [pool.submit(conversation.send_and_read, text, address_of(n)) for n, text in enumerate(texts)]
        with urllib.request.urlopen(conversation.newsroom.url + conversation.path, timeout=2) as page:
            assert page.status == 200
        for text, (answer, page) in zip(texts, (each.result() for each in sent), strict=True):
            assert answer.status == 503
            assert answer.headers["Retry-After"] == "60"
            assert "Tidak ada yang hilang" in page
            assert escape(text, quote=False) in page
        other.execute("ROLLBACK")
    assert [conversation.send(text, address_of(n))[0] for n, text in enumerate(texts)] == [303] * len(texts)
    assert {text: conversation.stored()[text] for text in texts} == dict.fromkeys(texts, 1)


def web_workers(newsroom: BehindProxy) -> list[int]:
    """Return the processes that answer requests; none while they are not all there."""
    assert newsroom.process is not None
    web = [pid for pid in children(newsroom.process.pid) if name_of(pid) == "newsroom-web"]
    workers = children(web[0]) if web else []
    return workers if len(workers) == 2 else []


def has_taken(conversation: Conversation, count: int) -> bool:
    """Say whether so many comments were acknowledged."""
    return len(conversation.acknowledged) >= count


def assert_whole(conversation: Conversation, told: str) -> None:
    """Every comment acknowledged by now stands there, and none that stands there does so twice."""
    acknowledged = list(conversation.acknowledged)
    stored = conversation.stored()
    lost = [text for text in acknowledged if not stored[text]]
    doubled = [text for text, times in stored.items() if times > 1]
    print(f"{told}: {len(acknowledged)} acknowledged, {len(lost)} lost, {len(doubled)} doubled", flush=True)
    assert (lost, doubled) == ([], []), told


@contextlib.contextmanager
def writing(conversation: Conversation) -> Iterator[None]:
    """Have SENDERS people write one comment after the other; raises what went wrong for them when the block ends."""
    over = threading.Event()

    def write(sender: int) -> None:
        for number in itertools.count():
            if over.is_set():
                return
            text = f"Pengirim {sender} menulis pendapat nomor {number} di tengah gangguan."
            conversation.send_until_taken(text, address_of(sender * 5000 + number % 5000))

    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(write, number) for number in range(SENDERS)]
        try:
            yield
        finally:
            over.set()
        for sender in senders:
            sender.result()


def test_kills_of_a_web_process_lose_and_double_nothing(conversation: Conversation) -> None:
    seed = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))
    print(f"\nSOAK_SEED={seed} SOAK_ROUNDS={ROUNDS}")
    chance = random.Random(seed)
    began = time.monotonic()
    with writing(conversation):
        for number in range(1, ROUNDS + 1):
            workers = eventually(lambda: web_workers(conversation.newsroom), BACK_SECONDS, "a worker stays away")
            enough = len(conversation.acknowledged) + 20
            eventually(partial(has_taken, conversation, enough), BACK_SECONDS, "no comment is taken any more")
            time.sleep(chance.uniform(0, 0.3))
            os.kill(chance.choice(workers), signal.SIGKILL)
            assert_whole(conversation, f"kill {number}")
    assert_whole(conversation, f"all over after {time.monotonic() - began:.0f} s")
    print(f"{conversation.broken_off} posts broke off and were sent again")
    assert conversation.broken_off, "no kill met a post"
