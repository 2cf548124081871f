"""The catalogues of translations: what the code says, and what the catalogues have words for.

Works with Babel alone, so that nobody needs the gettext programs. `manage.py updatecatalogues` writes the catalogues,
`newsroom.bootstrap.messages` compiles them, a test compares them with the code.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS
from babel.messages.extract import extract as babel_extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from newsroom.bootstrap.places import ROOT

# One string, or its singular and its plural.
Words = str | tuple[str, ...]
LANGUAGES = ("id", "en")
# Folder whose locale/ holds the words -> folders whose strings go there.
HOMES = {"newsroom": ("newsroom", "templates"), "articles": ("articles",), "comments": ("comments",)}
# Written in Jinja2, all other templates in Django's language.
JINJA = ROOT / "templates" / "public"
JINJA_OPTIONS = {"newstyle_gettext": "true", "lstrip_blocks": "true", "silent": "false"}
# Function -> which of its arguments are the singular, the plural and the context (Babel's notation); None: the first.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    **{f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")},
    "gettext_noop": None,
}
WIDTH = 118
PLURALS = {"id": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
# Without dates and names, so that a file changes only when its words do.
HEADER = """\
# Words of Newsroom.
msgid ""
msgstr ""
"Project-Id-Version: Newsroom\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"

"""


def path_of(home: str, language: str) -> Path:
    """Return where a catalogue lies."""
    return ROOT / home / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(home: str) -> Catalog:
    """Return every string of the code and the templates that belong to `home`, without translations."""
    found = Catalog(charset="utf-8")
    for folder in HOMES[home]:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "locale" not in path.parts:
                for message, context in strings(path):
                    found.add(message, context=context)
    return found


def strings(path: Path) -> Iterator[tuple[Words, str | None]]:
    """Yield the strings of one file, each with its context or None."""
    source = path.read_text(encoding="utf-8")
    if path.is_relative_to(JINJA):
        found = babel_extract("jinja2", io.BytesIO(source.encode()), KEYWORDS, options=JINJA_OPTIONS)
    else:
        if path.suffix != ".py":
            # What is left of a template is no sound Python until its lines begin at the margin.
            source = "\n".join(line.strip() for line in templatize(source).splitlines())
        found = babel_extract("python", io.BytesIO(source.encode()), KEYWORDS)
    for _line, words, _comments, context in found:
        yield words, context


def read(home: str, language: str) -> Catalog:
    """Return a catalogue as it is stored; an empty one where there is none."""
    path = path_of(home, language)
    if not path.exists():
        return empty(language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(home: str, language: str) -> Catalog:
    """Bring a stored catalogue in step with the code: what is new comes in empty, what is gone goes. Return it."""
    old, new = read(home, language), empty(language)
    # The strings are English already; their catalogue only says that the language is complete.
    for message in extract(home) if language != "en" else ():
        if message.id:
            known = old.get(message.id, message.context)
            new.add(message.id, known.string if known else "", context=message.context)
    path = path_of(home, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(HEADER.format(language=language, plural=PLURALS[language]).encode())
        write_po(file, new, width=WIDTH, sort_output=True, no_location=True, omit_header=True)
    return new


def empty(language: str) -> Catalog:
    """Return a catalogue without words that knows the plural forms of its language."""
    catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    catalogue.mime_headers = [("Plural-Forms", PLURALS[language])]
    return catalogue


def untranslated(catalogue: Catalog) -> list[Message]:
    """Return the messages that lack words, in any of their forms."""
    return [message for message in catalogue if message.id and not all(forms(message))]


def forms(message: Message) -> tuple[str, ...]:
    """Return a message's translations: one, or one for each plural form of the language."""
    return message.string if isinstance(message.string, tuple) else (str(message.string or ""),)
