"""Words: stems for searching, slugs for addresses."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer

LANGUAGES = {"id": "indonesian", "en": "english"}
WORD = re.compile(r"\w+(?:['’-]\w+)*")
APOSTROPHES = re.compile("['’ʼ‘`]")
NOT_WORD = re.compile(r"[\W_]+")
# Letters that NFKD does not take apart, in the spelling newsrooms use.
LATIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h", "ŋ": "n"}
)

# A Snowball stemmer keeps the word it works on in itself, so two threads must not share one.
_stemmers = threading.local()


def words(text: str) -> list[str]:
    """Return the words of `text`, in order and lower case."""
    return [match.group().casefold() for match in WORD.finditer(text)]


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """Return the stem of one word ("pemilihan" -> "pilih"); the word in lower case if no stemmer knows `language`."""
    word = unicodedata.normalize("NFKC", word).casefold()
    name = LANGUAGES.get(language)
    if name is None:
        return word
    cached = getattr(_stemmers, name, None)
    if cached is None:
        cached = snowballstemmer.stemmer(name)
        setattr(_stemmers, name, cached)
    return str(cached.stemWord(word))


def slugify(text: str, *, max_length: int = 80) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, cut at a word; "" when nothing is left."""
    text = unicodedata.normalize("NFKD", APOSTROPHES.sub("", text)).casefold().translate(LATIN)
    # Marks go, every other sign parts words; then letters that have no Latin spelling go.
    letters = "".join(char for char in text if not unicodedata.combining(char))
    slug = re.sub(r"-+", "-", NOT_WORD.sub("-", letters).encode("ascii", "ignore").decode()).strip("-")
    if len(slug) <= max_length:
        return slug
    head = slug[: max_length + 1].rpartition("-")[0]
    return head or slug[:max_length].strip("-")
