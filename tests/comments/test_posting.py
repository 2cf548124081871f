"""The way in: what is taken, what is refused with which words, what a repeat gets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles import publishing
from articles.models import Article, Publication
from comments import posting, threads
from comments.drafts import LIMITS
from comments.models import Comment, Decision, RuleBook, Status, Thread
from comments.moderation import desk, rulebook, words
from comments.moderation.judge import judge
from comments.posting import Posted, Refused, Why
from newsroom.core.http import Origin
from tests.comments.factories import AT, decide, live_article, make_comment, moderator, typed
from tests.factories import make_approved, make_live, newest, person


def post(article: Article | int, **fields: Any) -> Posted:
    answer = posting.post(**typed(article, **fields))
    assert isinstance(answer, Posted), answer
    return answer


def refused(article: Article | int, **fields: Any) -> Refused:
    before = Comment.objects.count()
    answer = posting.post(**typed(article, **fields))
    assert isinstance(answer, Refused), answer
    assert answer.message
    assert Comment.objects.count() == before
    return answer


def rules_of(posted: Posted) -> list[str]:
    return [finding["rule"] for finding in Comment.objects.get(pk=posted.comment_id).findings]


def keep(article: Article, mode: str = Thread.Mode.OPEN, closes_at: datetime | None = None) -> None:
    threads.keep(article.pk, mode=mode, closes_at=closes_at, by=moderator(), at=AT)


def test_post_stores_what_was_typed_and_waits(article: Article):
    posted = post(article, name="  Rea  Putri ", email="rea@example.com", text="Baris satu.\r\n\r\nBaris dua. 🙂")
    comment = Comment.objects.get(pk=posted.comment_id)
    assert (comment.name, comment.email, comment.text) == (
        "Rea Putri", "rea@example.com", "Baris satu.\n\nBaris dua. 🙂",
    )  # fmt: skip
    assert (comment.status, comment.visible, comment.created_at) == (Status.PENDING, False, AT)
    assert comment.root_id == comment.pk
    assert not posted.is_visible
    assert comment.findings == []


def test_the_address_is_stored_as_keyed_hashes_only(article: Article):
    posted = post(article, address="203.0.113.77")
    row = Comment.objects.filter(pk=posted.comment_id).values().get()
    assert len(row["address_hash"]) == len(row["network_hash"]) == 64
    assert "203.0.113" not in str(row)
    neighbour = Comment.objects.get(pk=post(article, address="203.0.113.78").comment_id)
    assert neighbour.network_hash == row["network_hash"]
    assert neighbour.address_hash != row["address_hash"]


def test_open_thread_publishes_what_no_rule_objects_to(article: Article):
    keep(article)
    assert post(article).is_visible
    held = post(article, text="Lihat https://contoh.example/ untuk lengkapnya.")
    assert not held.is_visible
    assert rules_of(held) == ["links"]
    assert Thread.objects.get(article=article).visible_count == 1


def test_what_is_shown_at_once_was_approved_by_the_machine_and_can_be_undone(article: Article):
    keep(article)
    comment = Comment.objects.get(pk=post(article).comment_id)
    decision = Decision.objects.get(comment=comment)
    assert (decision.by, decision.from_status, decision.to_status) == (None, Status.PENDING, Status.APPROVED)
    assert (comment.status, comment.version, decision.version) == (Status.APPROVED, 2, 2)
    outcome = desk.undo(decision.pk, by=moderator(), at=AT)
    assert (outcome.status, outcome.change) == (Status.PENDING, -1)


def test_posters_wait_for_each_other_at_the_last_write_only(article: Article):
    keep(article)
    post(article)
    with CaptureQueriesContext(connection) as caught:
        assert post(article).is_visible
    writes = [query["sql"] for query in caught if query["sql"].lstrip().startswith(("INSERT", "UPDATE"))]
    assert [number for number, sql in enumerate(writes, 1) if sql.startswith('UPDATE "comments_thread"')] == [
        len(writes)
    ]


@pytest.mark.parametrize("mode", [Thread.Mode.PREMODERATED, Thread.Mode.CONFIRMED])
def test_other_modes_hold_every_guest(article: Article, mode: str):
    keep(article, mode)
    assert not post(article).is_visible


def test_reply_hangs_below_what_it_answers(article: Article):
    root = make_comment(article)
    reply = Comment.objects.get(pk=post(article, reply_to_id=root.pk).comment_id)
    assert (reply.parent_id, reply.root_id, reply.depth) == (root.pk, root.pk, 1)
    assert reply.path.startswith(root.path)


@pytest.mark.parametrize("field", ["name", "email", "text"])
def test_each_empty_field_is_named(article: Article, field: str):
    answer = refused(article, **{field: " \u200b\n"})
    assert answer.why is Why.INVALID
    assert list(answer.errors) == [field]


@pytest.mark.parametrize("email", ["rea", "rea@", "@example.com", "a b@example.com", "rea@example..com"])
def test_what_is_no_address_is_named(article: Article, email: str):
    assert list(refused(article, email=email).errors) == ["email"]


@pytest.mark.parametrize(("field", "limit"), [("name", 80), ("text", 5000)])
@pytest.mark.parametrize("letter", ["a", "é", "🙂"])
def test_too_long_by_one_is_refused_and_the_limit_itself_is_not(article: Article, field: str, limit: int, letter: str):
    with translation.override("en"):
        answer = refused(article, **{field: letter * (limit + 1)})
    assert list(answer.errors) == [field]
    assert "1 character too long" in answer.errors[field]
    post(article, **{field: letter * limit})


def test_address_of_255_characters_is_refused(article: Article):
    assert list(refused(article, email="a" * 243 + "@example.com").errors) == ["email"]


def test_all_errors_are_told_at_once(article: Article):
    assert list(refused(article, name="", email="", text="").errors) == ["name", "email", "text"]


def test_story_that_is_not_live_takes_no_comments(db: None):
    draft, killed, later = make_approved(), live_article(), make_approved(title="Besok")
    publishing.schedule(later, revision=newest(later), visible_from=AT + timedelta(days=1), by=person("ed"), at=AT)
    publishing.withdraw(killed, ground=Publication.Ground.ERROR, public_reason="Keliru.", by=person("ed"), at=AT)
    for article_id in (draft.pk, killed.pk, later.pk, 10**9, 0, -1, 10**40):
        assert refused(article_id).why is Why.NOT_FOUND
    assert not Thread.objects.exists()
    post(later, at=AT + timedelta(days=1))


def test_closed_thread_takes_none(article: Article):
    keep(article, Thread.Mode.CLOSED)
    assert refused(article).why is Why.CLOSED


def test_thread_closes_by_the_clock(article: Article):
    keep(article, closes_at=AT + timedelta(hours=1))
    post(article, at=AT + timedelta(minutes=59))
    assert refused(article, at=AT + timedelta(hours=1)).why is Why.CLOSED


def test_foreign_origin_is_refused(article: Article):
    assert refused(article, origin=Origin.FOREIGN).why is Why.FOREIGN


def test_reply_across_stories_is_refused(article: Article):
    elsewhere = make_comment(make_live(title="Lain", at=AT - timedelta(days=1)))
    assert refused(article, reply_to_id=elsewhere.pk).why is Why.REPLY_GONE


@pytest.mark.parametrize("forged", [0, -1, 999_999, 10**12, 10**40])
def test_reply_to_nothing_is_refused(article: Article, forged: int):
    assert refused(article, reply_to_id=forged).why is Why.REPLY_GONE


@pytest.mark.parametrize("status", [Status.PENDING, Status.SPAM])
def test_reply_to_what_readers_never_see_is_refused(article: Article, status: str):
    hidden = make_comment(article, status=status)
    assert refused(article, reply_to_id=hidden.pk).why is Why.REPLY_GONE


def test_reply_into_a_branch_removed_with_its_replies_is_refused(article: Article):
    root = make_comment(article)
    reply = make_comment(article, reply_to=root)
    desk.remove_with_replies(root.pk, version=2, reason="other", by=moderator(), at=AT)
    assert refused(article, reply_to_id=root.pk).why is Why.REPLY_GONE
    assert refused(article, reply_to_id=reply.pk).why is Why.REPLY_GONE


@pytest.mark.parametrize("status", [Status.REJECTED, Status.REMOVED])
def test_reply_to_what_was_just_taken_down_waits_below_the_tombstone(article: Article, status: str):
    keep(article)
    root = make_comment(article)
    decide(root, status)
    posted = post(article, reply_to_id=root.pk)
    assert not posted.is_visible
    assert Comment.objects.get(pk=posted.comment_id).parent_id == root.pk
    comment = Comment.objects.get(pk=posted.comment_id)
    assert desk.approve(comment.pk, version=1, by=moderator(), at=AT).is_visible


def test_repeat_gets_the_same_answer(article: Article):
    fields = typed(article)
    first = posting.post(**fields)
    for later in (timedelta(seconds=1), timedelta(minutes=9)):
        assert posting.post(**fields | {"at": AT + later}) == first
    for alike in ({"name": "REA"}, {"email": "Rea@Example.com"}, {"name": "𝗥𝗲𝗮"}, {"address": "198.51.100.1"}):
        assert posting.post(**fields | alike) == first
    assert Comment.objects.count() == 1


def test_repeat_across_the_end_of_ten_minutes_is_one_comment(article: Article):
    end = datetime.fromtimestamp((AT.timestamp() // 600 + 1) * 600, AT.tzinfo)
    fields = typed(article)
    first = posting.post(**fields | {"at": end - timedelta(microseconds=1)})
    assert posting.post(**fields | {"at": end}) == first
    assert posting.post(**fields | {"at": end - timedelta(seconds=1)}) == first


def test_same_words_an_hour_later_are_a_comment_of_their_own_and_held(article: Article):
    keep(article)
    fields = typed(article)
    first = posting.post(**fields)
    second = post(article, text=fields["text"], at=AT + timedelta(hours=1))
    assert second != first
    assert not second.is_visible
    assert rules_of(second) == ["duplicate"]


@pytest.mark.parametrize("other", [{"name": "Tom"}, {"email": "tom@example.com"}, {"text": "Lain."}])
def test_what_differs_is_another_comment(article: Article, other: dict[str, str]):
    fields = typed(article)
    assert posting.post(**fields) != posting.post(**fields | other)


def test_short_texts_are_no_duplicates(article: Article):
    post(article, text="Setuju!")
    assert rules_of(post(article, text="Setuju!", name="Tom")) == []


def test_words_filed_as_spam_by_hand_are_spam_again(article: Article):
    text = "Datang ke tempat kami, menang setiap hari tanpa modal."
    first = make_comment(article, status=Status.PENDING, text=text)
    decide(first, Status.SPAM)
    again = post(article, text=text.upper(), name="Tom")
    assert Comment.objects.get(pk=again.comment_id).status == Status.SPAM
    assert rules_of(again) == ["known_spam"]


def test_words_a_machine_filed_as_spam_are_only_duplicates(article: Article):
    text = "Pengisi otomatis mengisi kolom yang tidak terlihat."
    post(article, text=text, honeypot="rea@example.com")
    again = post(article, text=text, name="Rea Dua")
    assert Comment.objects.get(pk=again.comment_id).status == Status.PENDING


def test_honeypot_is_filed_as_spam_and_told_nothing(article: Article):
    posted = post(article, honeypot="http://x.example")
    assert not posted.is_visible
    comment = Comment.objects.get(pk=posted.comment_id)
    assert (comment.status, rules_of(posted)) == (Status.SPAM, ["honeypot"])


def test_banned_word_is_spam_held_word_is_held(article: Article):
    keep(article)
    words.add("kuda lumping ajaib", action="ban", by=moderator(), at=AT)
    words.add("jamu*", action="hold", by=moderator(), at=AT)
    banned = post(article, text="Beli 𝗞𝘂𝗱𝗮 l u m p i n g AJAIB sekarang.")
    assert Comment.objects.get(pk=banned.comment_id).status == Status.SPAM
    held = Comment.objects.get(pk=post(article, text="Minum jamunya dulu.").comment_id)
    assert held.status == Status.PENDING
    assert held.findings == [{"rule": "held_word", "detail": "jamu*", "spans": [[6, 13]]}]


def test_no_origin_is_held_with_the_reason(article: Article):
    keep(article)
    posted = post(article, origin=Origin.ABSENT)
    assert (posted.is_visible, rules_of(posted)) == (False, ["no_origin"])


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Lihat https://www.contoh.example.org/jalur?a=1 ya", 1),
        ("Lihat contoh.org dan www.lain.net", 2),
        ("Ada di https://192.0.2.7/x", 1),
        ("Menurut 3.500.com kapal", 1),
    ],
)
def test_one_address_is_one_link(article: Article, text: str, places: int):
    (finding,) = Comment.objects.get(pk=post(article, text=text).comment_id).findings
    assert (finding["rule"], len(finding["spans"])) == ("links", places)


def test_too_fast_counts_only_for_a_form_of_one_s_own(article: Article):
    keep(article)
    assert post(article, form_age=None).is_visible
    held = post(article, form_age=timedelta(seconds=1))
    assert rules_of(held) == ["too_fast"]
    assert post(article, form_age=timedelta(seconds=30)).is_visible


def test_limit_of_an_address_refuses_and_ends(article: Article):
    for _ in range(RuleBook().address_limit):
        post(article, address="198.51.100.9")
    assert refused(article, address="198.51.100.9").why is Why.TOO_MANY
    post(article, address="198.51.100.10")
    post(article, address="198.51.100.9", at=AT + timedelta(minutes=10))


def test_repeat_is_not_counted_against_the_limit(article: Article):
    fields = typed(article, address="198.51.100.9")
    for _ in range(3 * RuleBook().address_limit):
        assert isinstance(posting.post(**fields), Posted)
    post(article, address="198.51.100.9")


def test_limit_of_a_network_refuses(article: Article):
    rulebook.change({"network_limit": 3}, version=1, by=moderator(), at=AT)
    for host in range(3):
        post(article, address=f"198.51.100.{host}")
    assert refused(article, address="198.51.100.200").why is Why.TOO_MANY
    post(article, address="198.51.101.1")


def test_failing_rule_holds_the_comment(article: Article, monkeypatch: pytest.MonkeyPatch):
    keep(article)

    def broken(submission: object) -> None:
        raise RuntimeError("This rule is broken.")

    monkeypatch.setattr("comments.posting.judge", lambda submission: judge(submission, (broken,)))
    posted = post(article)
    assert not posted.is_visible
    assert rules_of(posted) == ["rule_failed"]


def test_limits_are_those_of_the_columns():
    for name, limit in LIMITS.items():
        assert Comment._meta.get_field(name).max_length == limit
