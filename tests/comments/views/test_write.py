"""Writing a comment."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client, override_settings

from articles import publishing
from articles.models import Article
from comments import threads
from comments.models import Comment, RuleBook, Status
from tests.comments.factories import AT, make_comment, moderator
from tests.comments.views.conftest import Send
from tests.factories import make_approved, make_live, newest, person

TYPED = "Kalimat yang tidak boleh hilang."


def text(answer) -> str:
    return unescape(answer.content.decode())


def path_of(story: Article) -> str:
    return f"/timur-tengah/selat-hormuz-dibuka-lagi-{story.pk}/"


# The form


def test_story_carries_the_form_without_cookie_or_token_of_one_reader(client: Client, story: Article) -> None:
    answer = client.get(path_of(story))
    page = text(answer)
    assert f'action="/komentar/{story.pk}/"' in page
    assert "csrfmiddlewaretoken" not in page
    assert not answer.cookies
    with time_machine.travel(AT + timedelta(minutes=54), tick=False):
        assert client.get(path_of(story)).content == answer.content, "the same for an hour, so that it can be cached"


def test_form_has_a_page_of_its_own(client: Client, story: Article) -> None:
    answer = client.get(f"/komentar/{story.pk}/")
    page = text(answer)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    assert story.title in page
    for name in ("text", "name", "email"):
        assert f'id="id_{name}"' in page
    assert page.count("asteriskField") == 4


def test_answering_names_whom_and_what(client: Client, story: Article) -> None:
    comment = make_comment(story, name="Bagus <b>", text="Lebar rel berbeda.")
    page = client.get(f"/komentar/{story.pk}/?balas={comment.pk}").content.decode()
    assert "<bdi>Bagus &lt;b&gt;</bdi>" in page
    assert "Lebar rel berbeda." in page
    assert f'name="reply_to" value="{comment.pk}"' in page
    assert comment.email not in page


@pytest.mark.parametrize("forged", ["999999", "abc", "-1", "9" * 40, "'", "1.5"])
def test_answering_what_is_not_there_offers_the_plain_form(client: Client, story: Article, forged: str) -> None:
    answer = client.get(f"/komentar/{story.pk}/", {"balas": forged})
    assert answer.status_code == 200
    assert 'id="answering"' not in text(answer)


def test_hidden_comment_cannot_be_answered(client: Client, story: Article) -> None:
    waiting = make_comment(story, status=Status.PENDING, text="Belum diperiksa.")
    page = text(client.get(f"/komentar/{story.pk}/?balas={waiting.pk}"))
    assert "Belum diperiksa." not in page
    assert 'role="alert"' in page


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_other_methods_are_refused(client: Client, story: Article, method: str) -> None:
    assert getattr(client, method)(f"/komentar/{story.pk}/").status_code == 405


# Sending


def test_comment_is_taken_and_a_receipt_shown(client: Client, story: Article, send: Send) -> None:
    answer = send(text=TYPED)
    assert answer.status_code == 303
    assert not answer.cookies
    comment = Comment.objects.get()
    assert (comment.text, comment.name, comment.email) == (TYPED, "Rea", "rea@example.com")
    assert comment.status == Status.PENDING
    receipt = client.get(answer["Location"])
    assert receipt.status_code == 200
    assert TYPED in text(receipt)
    assert "rea@example.com" not in text(receipt)
    assert TYPED not in text(client.get(path_of(story)))


def test_double_click_is_one_comment_with_one_answer(send: Send) -> None:
    first, second = send(text=TYPED), send(text=TYPED)
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert Comment.objects.count() == 1


def test_answer_is_stored_as_one(story: Article, send: Send) -> None:
    comment = make_comment(story)
    assert send(reply_to=str(comment.pk)).status_code == 303
    assert Comment.objects.get(reply_to=comment).parent == comment


def test_extra_fields_change_nothing(story: Article, send: Send) -> None:
    send(status="approved", visible="1", is_staff="1", thread="1", parent="1", created_at="2001-01-01", id="7")
    comment = Comment.objects.get()
    assert (comment.status, comment.visible, comment.created_at) == (Status.PENDING, False, AT)


def test_filled_trap_looks_like_any_other_comment(client: Client, send: Send) -> None:
    answer = send(website="https://judi.example")
    assert answer.status_code == 303
    assert Comment.objects.get().status == Status.SPAM
    assert 'class="comment receipt comment--waiting"' in text(client.get(answer["Location"]))


def test_emoji_of_four_bytes_arrive_whole(send: Send) -> None:
    send(text="Selat \U0001f1ee\U0001f1e9 aman \U0001f44d\U0001f3fd")
    assert Comment.objects.get().text == "Selat \U0001f1ee\U0001f1e9 aman \U0001f44d\U0001f3fd"


def test_unseen_characters_are_dropped_not_refused(send: Send) -> None:
    assert send(name="R\x00e\u202ea", text="Satu\x00\x1b\u202edua\r\ntiga").status_code == 303
    comment = Comment.objects.get()
    assert (comment.name, comment.text) == ("Rea", "Satudua\ntiga")


# Mistakes keep what was typed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", " \u200b\n"),
        ("text", "x" * 5001),
        ("name", ""),
        ("name", "\u202e"),
        ("name", "N" * 81),
        ("email", ""),
        ("email", "rea@example"),
        ("email", "bukan alamat"),
        ("email", "a" * 250 + "@example.com"),
        ("email", "rea\x00@example.com"),
        ("text", None),
        ("name", None),
        ("email", None),
    ],
)
def test_bad_field_is_named_and_the_rest_kept(send: Send, field: str, value: str | None) -> None:
    others = {"text": TYPED, "name": "Rea Sitorus", "email": "rea@example.com"} | {field: value}
    answer = send(**others)
    page = text(answer)
    assert answer.status_code == 422
    assert Comment.objects.count() == 0
    assert f'<a href="#id_{field}">' in page, "the summary leads to the field"
    start = page.index(f'id="div_id_{field}"')
    block = page[start : page.index("</div>", page.index(f'id="id_{field}_error"'))]
    assert "is-invalid" in block
    assert 'aria-invalid="true"' in block
    assert f"id_{field}_error" in block[block.index("aria-describedby") :]
    for kept in (value for name, value in others.items() if name != field and value):
        assert kept in page
    if value and "\x00" not in value and value.strip():
        assert value in page


@pytest.mark.parametrize("token", [None, "", "x", "6b03511b.1:palsu", "\x00"])
def test_form_without_a_good_token_comes_back_with_one(send: Send, token: str | None) -> None:
    answer = send(text=TYPED, token=token)
    assert answer.status_code == 422
    assert TYPED in text(answer)
    assert Comment.objects.count() == 0
    assert send(text=TYPED, token=fresh_token(answer)).status_code == 303


def fresh_token(answer) -> str:
    return text(answer).partition('name="token" value="')[2].partition('"')[0]


def test_token_of_another_story_is_refused(story: Article, send: Send) -> None:
    other = make_live(title="Cerita lain", at=AT - timedelta(days=1))
    token = fresh_token(send(to=other, text=""))
    assert send(text=TYPED, token=token).status_code == 422


def test_old_form_comes_back_with_the_text(send: Send, clock: time_machine.Traveller) -> None:
    clock.move_to(AT + timedelta(hours=73))
    answer = send(text=TYPED)
    assert answer.status_code == 422
    assert TYPED in text(answer)
    assert send(text=TYPED, token=fresh_token(answer)).status_code == 303


def test_form_of_yesterday_is_good(send: Send, clock: time_machine.Traveller) -> None:
    clock.move_to(AT + timedelta(hours=71))
    assert send(text=TYPED).status_code == 303


def test_keys_may_be_changed_while_forms_are_open(send: Send) -> None:
    old = settings.SECRET_KEY
    token = fresh_token(send(text=""))
    with override_settings(SECRET_KEY="another-key-for-tests-0123456789abcdef", SECRET_KEY_FALLBACKS=[old]):
        assert send(text=TYPED, token=token).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
    ],
)
def test_foreign_page_cannot_send(send: Send, headers: dict[str, str]) -> None:
    answer = send(text=TYPED, headers=headers)
    assert answer.status_code == 403
    assert TYPED in text(answer)
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("headers", [{"Origin": "http://testserver"}, {"Origin": "null"}, {"Sec-Fetch-Site": "none"}])
def test_own_page_can_send(send: Send, headers: dict[str, str]) -> None:
    assert send(headers=headers).status_code == 303


def test_too_many_comments_keep_the_text(send: Send) -> None:
    for number in range(RuleBook().address_limit):
        assert send(text=f"Pendapat {number}").status_code == 303
    answer = send(text=TYPED)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert TYPED in text(answer)


def test_answer_to_a_comment_that_went_keeps_the_text(story: Article, send: Send) -> None:
    waiting = make_comment(story, status=Status.PENDING)
    for forged in (str(waiting.pk), "999999"):
        answer = send(text=TYPED, reply_to=forged)
        assert answer.status_code == 409
        assert TYPED in text(answer)
        assert 'name="reply_to" value' not in text(answer), "sent again, it is a comment of its own"


@pytest.mark.parametrize("forged", ["abc", "-3", "1.5", "9" * 40])
def test_reply_to_nonsense_is_a_comment_of_its_own(send: Send, forged: str) -> None:
    assert send(reply_to=forged).status_code == 303
    assert Comment.objects.get().reply_to is None


# Stories that take no comments


def test_closed_conversation_shows_the_text_for_copying(client: Client, story: Article, send: Send) -> None:
    threads.keep(story.pk, mode="closed", closes_at=None, by=moderator(), at=AT)
    answer = send(text=TYPED)
    assert answer.status_code == 409
    assert "readonly" in text(answer)
    assert TYPED in text(answer)
    assert client.get(f"/komentar/{story.pk}/").status_code == 200
    assert f'action="/komentar/{story.pk}/"' not in text(client.get(path_of(story)))


@pytest.mark.parametrize(("fate", "status"), [("withdrawn", 410), ("expired", 410), ("scheduled", 404), ("draft", 404)])
def test_story_that_is_not_live_takes_no_comments(client: Client, send: Send, fate: str, status: int) -> None:
    if fate in ("withdrawn", "expired"):
        story = make_live(title="Rahasia", at=AT - timedelta(days=2))
        withdrawn = {"ground": "trauma", "public_reason": "Keselamatan."} if fate == "withdrawn" else {}
        verb = publishing.withdraw if fate == "withdrawn" else publishing.expire
        verb(story, by=person("cas"), at=AT - timedelta(hours=1), **withdrawn)
    else:
        story = make_approved(title="Rahasia")
        if fate == "scheduled":
            tomorrow = AT + timedelta(days=1)
            publishing.schedule(story, revision=newest(story), visible_from=tomorrow, by=person("ed"), at=AT)
    answer = send(to=story, text=TYPED)
    assert answer.status_code == status
    assert TYPED in text(answer)
    assert "Rahasia" not in text(answer)
    assert client.get(f"/komentar/{story.pk}/").status_code == status
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("number", [999_999, 10**17, 10**30])
def test_missing_story_takes_no_comments(client: Client, send: Send, number: int) -> None:
    answer = send(to=number, text=TYPED)
    assert answer.status_code == 404
    assert TYPED in text(answer)
    assert client.get(f"/komentar/{number}/").status_code == 404


def test_english_story_answers_in_english(client: Client, send: Send) -> None:
    story = make_live(language="en", title="The strait is open", at=AT - timedelta(days=1))
    for answer in (client.get(f"/komentar/{story.pk}/"), send(to=story, text="")):
        assert '<html lang="en">' in text(answer)
        assert answer["Content-Language"] == "en"


# People with a session


def test_staff_need_the_full_token(send: Send) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("ed"))
    answer = send(by=client, text=TYPED)
    assert answer.status_code == 403
    assert TYPED in text(answer)
    assert Comment.objects.count() == 0
    token = text(answer).partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    assert send(by=client, text=TYPED, csrfmiddlewaretoken=token).status_code == 303


def test_session_of_nobody_is_a_guests(send: Send) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = "tidak-ada"
    assert send(by=client).status_code == 303


@pytest.mark.parametrize(("seconds", "rules"), [(1, ["too_fast"]), (40, [])])
def test_own_form_sent_faster_than_anybody_types_says_so(
    client: Client, story: Article, send: Send, clock: time_machine.Traveller, seconds: int, rules: list[str]
) -> None:
    """The form's own page is rendered for one visitor, so its age means something; the shared one's does not."""
    page = text(client.get(f"/komentar/{story.pk}/"))
    token = page.partition('name="token" value="')[2].partition('"')[0]
    clock.shift(timedelta(seconds=seconds))
    send(token=token)
    assert [finding["rule"] for finding in Comment.objects.get().findings] == rules


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ('INSERT INTO "comments_comment"', "database or disk is full"),
        # With which a transaction begins inside a test's own.
        ("SAVEPOINT", "database is locked"),
    ],
)
def test_nothing_is_lost_when_the_database_takes_no_writes(
    send: Send, story: Article, statement: str, words: str
) -> None:
    def full(execute, sql, params, many, context):
        if sql.startswith(statement):
            raise OperationalError(words)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full):
        answer = send(text=TYPED)

    assert answer.status_code == 503
    assert TYPED in text(answer)
    assert 'role="alert"' in text(answer)
    assert answer["Retry-After"] == "60"
    assert not Comment.objects.exists()
