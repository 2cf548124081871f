"""The demo newsroom: whole, harmless to run twice, and gone without a trace when it is taken out."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from PIL import Image

from articles import images
from articles.models import Article, DeskState, Publication, Section
from articles.states import PublicState, public_state
from comments import posting
from comments.models import Comment, Status, Thread
from newsroom.core.http import Origin
from newsroom.core.models import AuditEntry, User
from newsroom.core.richtext import plain_text, sanitize
from newsroom.demo import accounts, content, crowds, desk, loading, removing
from newsroom.demo.models import DemoRow

pytestmark = pytest.mark.django_db

AT = datetime(2026, 8, 12, 7, 5, tzinfo=UTC)
# The records that only ever grow, and the queue.
LOGS = ("core.auditentry", "core.surfacelog", "django_tasks_database.dbtaskresult")
PICTURES = content.pictures()
CROWD = crowds.remarks(content.HERE / "crowds")


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the log-ins away from the real ones."""
    monkeypatch.setenv("NEWSROOM_VAR", str(tmp_path))
    return tmp_path


@pytest.fixture(autouse=True)
def _one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take in the first picture only: each costs a process of its own."""
    monkeypatch.setattr(content, "pictures", lambda: PICTURES[:1])


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave most stories and comments out where they prove nothing: the services behind them are what takes time."""
    few = content.remarks()[:6]
    keys = {"sanksi-eropa", "khasan", "pengungsi", *(remark.story for remark in few)}
    stories = [story for story in content.stories() if story.key in keys]
    monkeypatch.setattr(content, "remarks", lambda: few)
    monkeypatch.setattr(content, "stories", lambda: stories)


def run(*arguments: str) -> str:
    """Run the command; return what it printed."""
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables."""
    return {model._meta.label_lower: list(model._base_manager.order_by("pk").values()) for model in apps.get_models()}


def own_story(section: Section) -> Article:
    """Return a story that the newsroom itself filed under `section`."""
    return Article.objects.create(title="Milik sendiri", section=section, created_at=AT, updated_at=AT)


@pytest.fixture(scope="class")
def newsroom(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[datetime]:
    """Load the demo once for a class of tests that only read; return the moment of loading."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setenv("NEWSROOM_VAR", str(tmp_path_factory.mktemp("var")))
        patch.setattr(content, "pictures", lambda: PICTURES[:1])
        # The beginning of the long thread: each comment takes what a reader's takes.
        patch.setattr(crowds, "remarks", lambda _folder: CROWD[:12])
        at = timezone.now()
        loading.load(at=at)
        yield at
        transaction.set_rollback(True)


class TestLoaded:
    """What the demo brings in."""

    def test_load_shows_every_state_of_a_story(self, newsroom: datetime) -> None:
        states = [public_state(article, newsroom) for article in Article.objects.all()]
        for state in (
            PublicState.NEVER,
            PublicState.SCHEDULED,
            PublicState.LIVE_UPDATE_SCHEDULED,
            PublicState.WITHDRAWN,
        ):
            assert state in states
        desk = set(Article.objects.values_list("desk_state", flat=True))
        assert {DeskState.IN_REVIEW, DeskState.CHANGES_REQUESTED, DeskState.APPROVED} <= desk
        assert Article.objects.filter(embargo_until__gt=newsroom).exists()
        assert Publication.objects.live(newsroom).filter(substantive_at__isnull=False).exclude(change_note="").exists()

    def test_load_fills_every_section_in_both_languages_of_the_paper(self, newsroom: datetime) -> None:
        live = Publication.objects.live(newsroom)
        assert live.filter(language="id").count() >= 18
        assert live.filter(language="en").count() >= 6
        filled = set(live.filter(language="id").values_list("section_slug", flat=True))
        assert filled == set(Section.objects.values_list("slug", flat=True))
        assert all(section.name_en and section.description_en for section in Section.objects.all())

    def test_load_leaves_moderators_a_queue_worth_looking_at(self, newsroom: datetime) -> None:
        pending = Comment.objects.filter(status=Status.PENDING)
        assert pending.count() >= 12
        rules = {finding["rule"] for comment in pending for finding in comment.findings}
        assert {"links", "held_word"} <= rules
        assert Comment.objects.filter(status=Status.REJECTED).exclude(reason="").exists()
        assert Comment.objects.filter(status=Status.SPAM).exists()
        assert Comment.objects.filter(status=Status.REMOVED, children__visible=True).exists()
        assert max(Comment.objects.filter(visible=True).values_list("depth", flat=True)) >= 3
        for thread in Thread.objects.all():
            assert thread.visible_count == thread.comments.filter(visible=True).count()

    def test_no_moment_of_the_past_lies_in_the_future(self, newsroom: datetime) -> None:
        assert not Comment.objects.filter(created_at__gt=newsroom).exists()
        assert not AuditEntry.objects.filter(at__gt=newsroom).exists()
        assert Publication.objects.planned(newsroom).count() == 2

    def test_home_page_reads_the_demo_in_both_languages(self, client: Any, newsroom: datetime) -> None:
        for address, language in (("/", "id"), ("/en/", "en")):
            page = client.get(address)
            assert page.status_code == 200
            newest = Publication.objects.live(newsroom).filter(language=language).order_by("-first_published_at", "pk")
            for row in newest[:5]:
                assert row.path in page.content.decode()

    def test_every_live_story_opens(self, client: Any, newsroom: datetime) -> None:
        for row in Publication.objects.live(newsroom):
            assert client.get(row.path).status_code == 200


# What is written


@pytest.mark.parametrize("story", content.stories(), ids=lambda story: story.key)
def test_story_is_whole(story: content.Story) -> None:
    markup = story.body + "".join(act.append for act in story.acts)
    assert sanitize(story.body) == story.body
    assert len(story.title) <= 80
    assert 2 <= len(story.key_points) <= 5
    for part in (story.kicker, story.standfirst, story.dateline, story.bylines, story.topics):
        assert part
    if story.acts[-1].does in ("send back", "hold"):
        return
    assert len(plain_text(markup).split()) >= 340
    assert 2 <= len(re.findall("<h2>", markup)) <= 5
    assert "<blockquote>" in markup or 'class="pull-quote"' in markup


def test_some_story_has_a_table_and_two_have_a_chronology() -> None:
    stories = content.stories()
    assert any("<table>" in story.body for story in stories)
    assert sum(bool(story.milestones) for story in stories) >= 2
    assert any(source.get("is_confidential") for story in stories for source in story.sources)


def test_stories_and_topics_name_pictures_that_are_there() -> None:
    keys = {picture.key for picture in PICTURES}
    stories = content.stories()
    named = {story.picture for story in stories} | {topic.get("picture", "") for topic in content.paper()["topics"]}
    named |= {found["key"] for story in stories for found in desk.FIGURE.finditer(story.body)}
    assert named - {""} <= keys
    assert len(named) >= 12
    for story in stories:
        assert not story.picture.endswith(".en") or story.language == "en"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.key)
def test_picture_is_whole(picture: content.Picture) -> None:
    with Image.open(picture.path) as image:
        assert (image.format, image.size) == ("PNG", (1920, 1080))
    assert {name for name, words in picture.details.items() if words} == images.DETAILS - {
        "licence_until",
        "is_ai_generated",
    }
    assert picture.details["alt_text"].endswith(".")
    assert all(0 <= share <= 100 for share in picture.focal)


def test_pictures_stay_small() -> None:
    assert sum(path.stat().st_size for path in content.MAPS.glob("*.png")) < 3_000_000
    assert {path.name for path in content.MAPS.glob("*.png")} == {picture.path.name for picture in PICTURES}


def test_translations_name_stories_in_the_other_language() -> None:
    stories = {story.key: story for story in content.stories()}
    translated = [story for story in stories.values() if story.translation_of]
    assert len(translated) >= 4
    for story in translated:
        source = stories[story.translation_of]
        assert source.language != story.language
        assert content.moment(source.acts[0].when, at=AT) < content.moment(story.acts[0].when, at=AT)


def test_long_thread_reads_like_one() -> None:
    assert len(CROWD) > 200
    assert len({remark.text for remark in CROWD}) == len(CROWD)
    moments = {remark.key: content.moment(remark.when, at=AT) for remark in CROWD}
    story = next(story for story in content.stories() if story.key == CROWD[0].story)
    published = content.moment(story.acts[0].when, at=AT)
    for remark in CROWD:
        assert published < moments[remark.key] < AT
        assert not remark.to or moments[remark.to] < moments[remark.key]
    assert {remark.status for remark in CROWD} == {"approved", "pending", "rejected"}


def test_line_that_is_no_comment_is_named(tmp_path: Path) -> None:
    (tmp_path / "story.txt").write_text("Rea | Baik.\nRea menulis tanpa garis\n")
    with pytest.raises(ValueError, match="tanpa garis"):
        crowds.remarks(tmp_path)


def test_notices_set_right_what_was_written() -> None:
    for story in content.stories():
        for act in story.acts:
            if act.now:
                assert act.now in story.body
                assert act.was in story.as_first_saved(story.body)


@pytest.mark.parametrize(
    ("words", "distance"),
    [
        ("1d 2h 10m ago", -timedelta(days=1, hours=2, minutes=10)),
        ("35m ago", -timedelta(minutes=35)),
        ("10h ahead", timedelta(hours=10)),
    ],
)
def test_moment_counts_from_the_moment_of_loading(words: str, distance: timedelta) -> None:
    assert content.moment(words, at=AT) == AT + distance


def test_moment_refuses_what_names_none() -> None:
    with pytest.raises(ValueError):
        content.moment("yesterday", at=AT)


# Accounts


@pytest.mark.usefixtures("_short")
def test_load_makes_one_account_for_each_group_and_keeps_the_passwords(var: Path) -> None:
    loading.load(at=AT)
    groups = {user.username: [group.name for group in user.groups.all()] for user in User.objects.all()}
    assert groups == {
        "ada": ["reporter"],
        "ratih": ["reporter"],
        "ed": ["editor"],
        "sri": ["editor"],
        "mo": ["moderator"],
        "kepala": ["chief_editor"],
        "admin": ["administrator"],
    }
    path = accounts.logins_path()
    assert path.parent == var
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for line in path.read_text().splitlines()[1:]:
        name, password, *_ = line.split()
        assert User.objects.get(username=name).check_password(password)


def test_passwords_differ_from_one_newsroom_to_the_next() -> None:
    assert len({accounts.make_password() for _ in range(50)}) == 50


# Twice, and out again


@pytest.mark.usefixtures("_short")
def test_second_run_changes_nothing() -> None:
    first = run()
    before = everything()
    again = run()
    assert everything() == before
    assert accounts.logins_path().read_text() in first
    assert accounts.logins_path().read_text() in again


@pytest.mark.usefixtures("_short")
def test_if_empty_loads_into_an_empty_newsroom() -> None:
    run("--if-empty")
    assert loading.is_loaded()


def test_if_empty_leaves_a_newsroom_with_content_alone() -> None:
    Section.objects.create(name="Dunia", slug="dunia")
    run("--if-empty")
    assert not loading.is_loaded()
    assert not accounts.logins_path().exists()


def test_taken_name_loads_nothing_and_says_so() -> None:
    Section.objects.create(name="Eropa", slug="eropa")
    before = everything()
    with pytest.raises(CommandError):
        run()
    assert everything() == before


@pytest.mark.usefixtures("_short")
def test_log_ins_that_cannot_be_kept_load_nothing(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    (var / "file").touch()
    monkeypatch.setenv("NEWSROOM_VAR", str(var / "file" / "folder"))
    before = everything()
    with pytest.raises(CommandError):
        run()
    assert everything() == before


@pytest.mark.usefixtures("_short")
def test_remove_leaves_nothing_but_the_log_and_closed_accounts() -> None:
    before = everything()
    run()
    run("--remove")
    after = everything()
    changed = {label for label in after if after[label] != before[label]}
    # Keys and counts belong to the limits and are pruned by age.
    assert changed <= {*LOGS, "core.user", "core.addresskey", "core.ratecount"}
    assert not accounts.logins_path().exists()
    for user in User.objects.all():
        assert not any((user.is_active, user.is_staff, user.has_usable_password(), user.email))
    removed = AuditEntry.objects.filter(action="demo.remove").count()
    assert removed == len(content.stories())


@pytest.mark.usefixtures("_short")
def test_remove_takes_readers_comments_below_demo_stories_along() -> None:
    loading.load(at=AT)
    story = Publication.objects.live(AT).first()
    assert story
    posting.post(
        article_id=story.article_id,
        reply_to_id=None,
        name="Rea",
        email="rea@example.com",
        text="Sungguh terjadi?",
        address="203.0.113.9",
        at=AT,
        origin=Origin.OURS,
    )
    removing.remove(at=AT)
    assert not Comment.objects.exists()


@pytest.mark.usefixtures("_short")
def test_remove_keeps_a_section_the_newsroom_uses() -> None:
    loading.load(at=AT)
    section = Section.objects.get(slug="eropa")
    article = own_story(section)
    kept = removing.remove(at=AT)
    assert kept == [section]
    assert Article.objects.get() == article
    assert not DemoRow.objects.exists()


@pytest.mark.usefixtures("_short")
def test_demo_can_be_loaded_again_after_it_was_removed() -> None:
    loading.load(at=AT)
    removing.remove(at=AT)
    loading.load(at=AT)
    assert User.objects.get(username="ada").is_active


@pytest.mark.usefixtures("_short")
def test_page_says_that_it_is_a_sample_as_long_as_it_is_one(client: Any) -> None:
    loading.load(at=timezone.now())
    assert b"footer__sample" in client.get("/").content
    removing.remove(at=timezone.now())
    assert b"footer__sample" not in client.get("/").content


def test_remove_without_a_demo_changes_nothing() -> None:
    own_story(Section.objects.create(name="Dunia", slug="dunia"))
    before = everything()
    run("--remove")
    assert everything() == before
