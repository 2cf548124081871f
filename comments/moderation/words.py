"""Watched words: kept by the desk, looked for in readings, whole words only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from comments.models import WatchedWord
from comments.moderation.folding import Reading, read
from newsroom.core import audit
from newsroom.core.models import User
from newsroom.core.prepared import Prepared
from newsroom.core.text import clean_line

# Ends a phrase that stands for every word that begins so: "gacor*".
PREFIX = "*"
# Before it. Half of all Indonesian words begin with me, di or se.
LEAST_LETTERS = 3
PHRASE_LENGTH = 100
FOLDED_LENGTH = 200


class WordError(Exception):
    """A word that cannot be watched."""


class NothingToMatch(WordError):
    """Nothing but signs: no comment could ever match."""


class AlreadyWatched(WordError):
    """A word with the same letters is watched already."""


class TooBroad(WordError):
    """Too few letters before the *."""


class TooLong(WordError):
    """More letters than are kept."""


@dataclass(frozen=True)
class Watched:
    """A watched word, ready to be looked for."""

    phrase: str
    # Its words as the system reads them, separated by blanks; PREFIX at the end where longer words count too.
    folded: str
    is_banned: bool


@dataclass(frozen=True)
class Match:
    """One place where a watched word stands; `start` and `end` lie in the reading."""

    watched: Watched
    start: int
    end: int


def fold_phrase(phrase: str) -> str:
    """Return a phrase as it is compared. Raises NothingToMatch."""
    line = clean_line(phrase)
    essence = read(line.rstrip(PREFIX)).essence
    if not essence:
        raise NothingToMatch(phrase)
    return essence + (PREFIX if line.endswith(PREFIX) else "")


def is_too_broad(folded: str) -> bool:
    """Whether a folded phrase stands for all words that begin with hardly anything."""
    return folded.endswith(PREFIX) and len(folded) - len(PREFIX) < LEAST_LETTERS


def add(phrase: str, *, action: str, note: str = "", by: User, at: datetime) -> WatchedWord:
    """Watch a word or phrase from now on. Raises NothingToMatch, TooBroad, TooLong and AlreadyWatched."""
    word = WatchedWord(
        phrase=clean_line(phrase), folded=fold_phrase(phrase), action=WatchedWord.Action(action), note=note
    )
    if len(word.phrase) > PHRASE_LENGTH or len(word.folded) > FOLDED_LENGTH:
        raise TooLong(phrase)
    if is_too_broad(word.folded):
        raise TooBroad(phrase)
    try:
        with transaction.atomic():
            word.save(force_insert=True)
            audit.record("watched_word.add", word, by=by, at=at, treatment=word.action)
    except IntegrityError:
        raise AlreadyWatched(phrase) from None
    return word


def change(word_id: int, *, action: str, note: str, by: User, at: datetime) -> WatchedWord:
    """Change what happens to comments with a watched word, or the note on it."""
    with transaction.atomic():
        word = WatchedWord.objects.select_for_update().get(pk=word_id)
        word.action, word.note = WatchedWord.Action(action), note
        word.save(update_fields=["action", "note"])
        audit.record("watched_word.change", word, by=by, at=at, treatment=word.action)
    return word


def remove(word_id: int, *, by: User, at: datetime) -> None:
    """Stop watching a word. What it held stays held."""
    with transaction.atomic():
        word = WatchedWord.objects.select_for_update().get(pk=word_id)
        audit.record("watched_word.remove", word, by=by, at=at, treatment=word.action)
        word.delete()


WATCHED = Prepared(
    lambda: WatchedWord.objects.order_by("pk").values_list("phrase", "folded", "action"),
    lambda phrase, folded, action: Watched(phrase, folded, action == WatchedWord.Action.BAN),
)


def watched() -> tuple[Watched, ...]:
    """Return all watched words, in one query."""
    return tuple(WATCHED.all())


def matches(reading: Reading, words: Iterable[Watched]) -> Iterator[Match]:
    """Yield where watched words stand, once for each place, digits taken as digits or as letters.

    Takes time in proportion to the text, whatever the number of words.
    """
    index = Index(words)
    seen: set[Match] = set()
    for version in (reading, reading.spelled):
        for match in index.find(version):
            if match not in seen:
                seen.add(match)
                yield match


class Index:
    """Watched words by their first word."""

    def __init__(self, words: Iterable[Watched]) -> None:
        self.whole: dict[str, list[tuple[list[str], Watched]]] = defaultdict(list)
        self.prefixes: dict[str, list[tuple[list[str], Watched]]] = defaultdict(list)
        for word in words:
            parts = word.folded.removesuffix(PREFIX).split(" ")
            is_prefix = word.folded.endswith(PREFIX) and len(parts) == 1
            (self.prefixes if is_prefix else self.whole)[parts[0]].append((parts, word))
        self.longest = max(map(len, self.prefixes), default=0)

    def find(self, reading: Reading) -> Iterator[Match]:
        """Yield where they stand in a reading, as it is."""
        texts = [word.text for word in reading.words]
        for place, text in enumerate(texts):
            candidates = list(self.whole.get(text, ()))
            for length in range(1, min(len(text), self.longest) + 1):
                candidates += self.prefixes.get(text[:length], ())
            for parts, word in candidates:
                if _stands_at(texts, place, parts, is_open=word.folded.endswith(PREFIX)):
                    yield Match(word, reading.words[place].start, reading.words[place + len(parts) - 1].end)


def _stands_at(texts: list[str], index: int, parts: list[str], *, is_open: bool) -> bool:
    """Say whether the words of a phrase stand at `index`; the last may be longer where the phrase is open."""
    *heads, last = parts
    here = texts[index : index + len(parts)]
    if len(here) < len(parts) or here[:-1] != heads:
        return False
    return here[-1].startswith(last) if is_open else here[-1] == last
