"""Hours of mixed work in minutes: memory stays where it is.

SOAK_SECONDS (1200), after a warming up, of readers, posters, a moderator, an editor and a picture desk against
`manage.py serve`; SOAK_SEED, printed, makes the same choices. To try it out: SOAK_SECONDS=60, two minutes in all. The
table it prints is the one in docs/performance.md.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from benchmarks.frugal import pss_mib
from tests.articles.imaging.samples import encoded, gradient
from tests.journeys.newsroom_process import NewsroomProcess
from tests.serving.procs import children, name_of
from tests.soak.readers import Person, posts_to

SECONDS = float(os.environ.get("SOAK_SECONDS", "1200"))
# Before it is weighed: until each thread has done each kind of thing. Measured: what a web process holds stays the same
# from then on, while the memory around it settles. The first quarter is left out as well.
WARM_SECONDS = min(90.0, SECONDS / 2)
SAMPLES = 120
# Lines of the table.
TOLD = 12
# What the last quarter may have above the second, and what is noise at this size.
MOST_TIMES, NOISE_MIB = 1.1, 3.0
WORDS = ("laut", "perjanjian", "selat", "energi", "kapal", "batas", "sungai", "pangkalan", "veto", "krisis", "utusan")
FIXED = ("/", "/en/", "/arsip/", "/koreksi/", "/feed/atom/", "/feed/rss/", "/sitemap.xml", "/robots.txt", "/nowhere/")

# What people write, each by an act of its own.
COUNT = """
import json
from articles.models import Image, Revision
from comments.models import Comment, Decision
print(json.dumps({model.__name__: model.objects.count() for model in (Comment, Decision, Revision, Image)}))
"""

# The texts of all stories, which nobody changes.
TEXTS = """
import json
from articles.models import Article
print(json.dumps(dict(Article.objects.values_list("pk", "body"))))
"""

Act = Callable[[Person], object]


def read(paths: list[str]) -> Act:
    """Return what reads a page at random, now and then with a query nobody has asked before."""

    def act(person: Person) -> None:
        chance = person.chance
        path = chance.choice(paths)
        if chance.random() < 0.3:
            path += f"?{chance.choice(('utm_source', 'x', 'page', 'setelah'))}={chance.randrange(10**6)}"
        elif chance.random() < 0.15:
            path = f"/cari/?q={chance.choice(WORDS)}+{chance.choice(WORDS)}{chance.randrange(100)}"
        person.open(path, accept_encoding=chance.choice(("br", "gzip", "identity")))

    return act


def post(stories: list[str]) -> Act:
    """Return what comments on a story from an address of its own."""

    def act(person: Person) -> None:
        chance = person.chance
        text = f"{' '.join(chance.choices(WORDS, k=12))} {chance.randrange(10**9)}"
        given = (("text", text), ("name", "Rea"), ("email", f"rea{chance.randrange(10**6)}@example.org"))
        address = f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"
        person.fill_in(chance.choice(stories), posts_to("/komentar"), *given, x_forwarded_for=address)

    return act


def moderate(person: Person) -> None:
    """Decide on the first comment of the queue."""
    verdict = person.chance.choice(("approve", "reject", "spam"))
    reason = (("reason", "off_topic"),) if verdict == "reject" else ()
    person.fill_in("/admin/comments/comment/queue/", posts_to("/decide/"), ("verdict", verdict), *reason)


def edit(person: Person) -> None:
    """Look through the list and save a story in the editor."""
    _, page = person.open("/admin/articles/article/")
    numbers = re.findall(rb'href="(\d+)/change/', page)
    if numbers:
        path = f"/admin/articles/article/{person.chance.choice(numbers).decode()}/change/"
        kicker = person.chance.choice(WORDS).title()
        person.fill_in(path, lambda form: form.get("id") == "article_form", ("kicker", kicker))


def upload(person: Person) -> None:
    """Send the library a picture it does not have."""
    picture = gradient(person.chance.randrange(400, 700), 300)
    file = (f"{person.chance.randrange(10**6)}.jpg", encoded("JPEG", picture))
    person.fill_in("/admin/articles/image/add/", has_files, ("files", file))


def has_files(form: Element) -> bool:
    """Say whether a form takes files."""
    return any(element.get("name") == "files" for element in form.iter("input"))


def processes(newsroom: NewsroomProcess) -> dict[str, list[int]]:
    """Return the processes of each part."""
    assert newsroom.process is not None
    supervisor = newsroom.process.pid
    named = {name_of(pid).removeprefix("newsroom-"): [pid] for pid in children(supervisor)}
    return {"supervisor": [supervisor], **named, "web workers": children(named["web"][0])}


def sizes(parts: dict[str, list[int]]) -> dict[str, float]:
    """Return the MiB of each part, and of all. Raises FileNotFoundError when a process is gone."""
    found = {name: sum(map(pss_mib, pids)) for name, pids in parts.items()}
    return {**found, "all": sum(found.values())}


def act_until(end: float, person: Person, act: Act, pause_seconds: float) -> None:
    """Act again and again."""
    while time.monotonic() < end:
        act(person)
        time.sleep(pause_seconds)


def told(newsroom: NewsroomProcess, program: str) -> dict[str, Any]:
    """Return what a program that knows the models prints as JSON on its last line."""
    found: dict[str, Any] = json.loads(newsroom.manage("shell", "--no-imports", "-c", program).splitlines()[-1])
    return found


@pytest.fixture
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NewsroomProcess]:
    """The demo newsroom behind one proxy, with a page cache that is full within the first minutes."""
    monkeypatch.setenv("TRUSTED_PROXY_COUNT", "1")
    monkeypatch.setenv("PAGE_CACHE_MIB", "4")
    newsroom = NewsroomProcess(tmp_path)
    newsroom.set_up()
    newsroom.start()
    yield newsroom
    newsroom.stop()


def weighed(parts: dict[str, list[int]], end: float) -> list[dict[str, float]]:
    """Return the sizes of all parts, looked at again and again."""
    found = []
    while time.monotonic() < end:
        found.append(sizes(parts))
        time.sleep(SECONDS / SAMPLES)
    return found


def test_memory_is_flat(newsroom: NewsroomProcess) -> None:
    seed = int(os.environ.get("SOAK_SEED", str(random.randrange(10**6))))
    print(f"\nSOAK_SEED={seed} SOAK_SECONDS={SECONDS:g}")
    people = [Person(newsroom.url, random.Random(seed + number)) for number in range(7)]
    stories = sorted(set(re.findall(r'href="(/[-\w]+/[-\w]+-\d+/)"', people[0].open("/")[1].decode())))
    passwords = newsroom.log_ins()
    for person, name in zip(people[4:], ("mo", "ed", "ed"), strict=True):
        person.log_in(name, passwords[name])
    reading = read([*FIXED, *stories])
    acts = [(reading, 0.0), (reading, 0.0), (reading, 0.0), (post(stories), 0.02)]
    acts += [(moderate, 0.05), (edit, 0.5), (upload, 2.0)]
    parts, before, texts = processes(newsroom), told(newsroom, COUNT), told(newsroom, TEXTS)
    end = time.monotonic() + WARM_SECONDS + SECONDS
    with ThreadPoolExecutor(len(people)) as pool:
        # One thread each, so that none waits for another's end.
        at_work = [
            pool.submit(act_until, end, person, act, pause) for person, (act, pause) in zip(people, acts, strict=True)
        ]
        time.sleep(WARM_SECONDS)
        found = weighed(parts, end)
        for work in at_work:
            work.result(90)
    answers = sum((person.answers for person in people), Counter[int]())
    written = Counter(told(newsroom, COUNT)) - Counter(before)
    print(f"{answers.total():,} requests, by status: {dict(sorted(answers.items()))}; written: {dict(written)}")
    print("\n".join(table(found)), flush=True)
    assert not [status for status in answers if status == 0 or status >= 500]
    # A load that is refused weighs nothing, and a part that was started anew is light again.
    assert set(written) == set(before), "some acts wrote nothing"
    assert processes(newsroom) == parts
    # Hundreds of saves of something else have left them alone.
    assert told(newsroom, TEXTS) == texts
    assert_flat(found)


def quarters(found: list[dict[str, float]], part: str) -> tuple[float, float]:
    """Return the middle size of a part in the second quarter and in the last; the first is its warming up."""
    seen = [sample[part] for sample in found]
    quarter = len(seen) // 4
    return statistics.median(seen[quarter : 2 * quarter]), statistics.median(seen[-quarter:])


def table(found: list[dict[str, float]]) -> list[str]:
    """Return the lines of a table in Markdown: MiB of each part over time, and what the test looks at."""
    parts = list(found[0])
    both = [quarters(found, part) for part in parts]
    every = max(1, len(found) // TOLD)
    moments = [(f"{SECONDS / 60 * place / len(found):.1f} min", found[place]) for place in range(0, len(found), every)]
    lines = [[moment, *(f"{sample[part]:.1f}" for part in parts)] for moment, sample in moments]
    lines.append(["second quarter", *(f"{early:.1f}" for early, _late in both)])
    lines.append(["last quarter", *(f"{late:.1f}" for _early, late in both)])
    lines.append(["of it", *(f"{late / early:.2f}" for early, late in both)])
    return ["| MiB (PSS) |" + "|".join(f" {part} " for part in parts) + "|", "|---" * (len(parts) + 1) + "|"] + [
        f"| {' | '.join(line)} |" for line in lines
    ]


def assert_flat(found: list[dict[str, float]]) -> None:
    """No part has grown by more than a tenth."""
    for part in found[0]:
        early, late = quarters(found, part)
        assert late <= max(early * MOST_TIMES, early + NOISE_MIB), f"{part}: {early:.1f} MiB, then {late:.1f}"
