"""Watched words at the desk: kept by the service, tried before they are kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import Article
from comments.models import Status, WatchedWord
from comments.moderation import words
from newsroom.core.models import AuditEntry
from tests.comments.admin.conftest import ROLES
from tests.comments.factories import AT, make_comment
from tests.factories import person

pytestmark = pytest.mark.django_db
LIST = "/admin/comments/watchedword/"
ADD = f"{LIST}add/"


@pytest.fixture
def word(db: None) -> WatchedWord:
    """A word that is watched."""
    return words.add("gacor*", action="hold", by=person("mo"), at=AT)


def change(word: WatchedWord) -> str:
    return reverse("admin:comments_watchedword_change", args=[word.pk])


def test_adding_keeps_the_folded_form_and_the_log(mo: Client) -> None:
    assert mo.post(ADD, {"phrase": "𝐌𝐄𝐆𝐀𝟖𝟖", "action": "ban", "note": "judi"}).status_code == 302
    kept = WatchedWord.objects.get()
    assert (kept.folded, kept.action, kept.note) == ("mega88", "ban", "judi")
    assert AuditEntry.objects.filter(action="watched_word.add", by__username="mo").count() == 1


def test_trying_keeps_nothing_and_counts(mo: Client, story: Article) -> None:
    make_comment(story, text="Main di g a c o r saja, bos.", status=Status.SPAM)
    make_comment(story, text="Harga nikel turun lagi pekan ini.")
    make_comment(story, text="Saya korban, jangan main gacor.")
    answer = mo.post(ADD, {"phrase": "gacor", "action": "hold", "note": "", "_try": "1"})
    assert answer.status_code == 200
    assert not WatchedWord.objects.exists()
    trial = answer.context["trial"]
    assert (trial.tried, trial.caught, trial.approved) == (3, 2, 1)
    assert [opening for _id, opening in trial.innocent] == ["Saya korban, jangan main gacor."]
    page = answer.content.decode()
    assert 'data-trial="2"' in page
    assert 'value="gacor"' in page


def test_form_of_a_word_says_what_it_would_have_caught(mo: Client, story: Article, word: WatchedWord) -> None:
    make_comment(story, text="Slot paling gacornya di sini.", status=Status.SPAM)
    assert mo.get(change(word)).context["trial"].caught == 1


@pytest.mark.parametrize("button", ["_save", "_try"])
@pytest.mark.parametrize(
    "phrase",
    ["", "***", "!!", "a*", "ᗰe*", "Gacor*", "x" * 101, "\u202egacor*", pytest.param("\u337f" * 60, id="unfolds")],
)
def test_words_that_cannot_be_kept_come_back(mo: Client, word: WatchedWord, phrase: str, button: str) -> None:
    answer = mo.post(ADD, {"phrase": phrase, "action": "hold", "note": "Catatan", button: "1"})
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert 'value="Catatan"' in answer.content.decode()
    assert WatchedWord.objects.count() == 1


def test_changing_leaves_the_phrase(mo: Client, word: WatchedWord) -> None:
    mo.post(change(word), {"phrase": "lain", "action": "ban", "note": "sering"})
    word.refresh_from_db()
    assert (word.phrase, word.folded, word.action, word.note) == ("gacor*", "gacor*", "ban", "sering")
    assert AuditEntry.objects.filter(action="watched_word.change").count() == 1


def test_removing_goes_through_the_log(mo: Client, word: WatchedWord) -> None:
    mo.post(reverse("admin:comments_watchedword_delete", args=[word.pk]), {"post": "yes"})
    assert not WatchedWord.objects.exists()
    assert AuditEntry.objects.filter(action="watched_word.remove").count() == 1


@pytest.mark.parametrize("role", ROLES)
def test_who_may_keep_words(enter: Callable[[str], Client], word: WatchedWord, role: str) -> None:
    client = enter(role)
    inside = role in {"ada", "ed", "mo", "cas", "root"}
    may = role in {"mo", "cas", "root"}
    refused = 403 if inside else 302
    for address in (LIST, ADD, change(word)):
        assert client.get(address).status_code == (200 if may else refused), (role, address)
    for form in ({"phrase": "slot", "action": "hold", "_try": "1"}, {"phrase": "slot", "action": "hold"}):
        client.post(ADD, form)
    assert WatchedWord.objects.filter(phrase="slot").exists() is may
