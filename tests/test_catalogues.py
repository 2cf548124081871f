"""Every word a person reads exists in Indonesian and in English."""

from __future__ import annotations

import ast
import gettext
import re
from collections import defaultdict
from pathlib import Path

import allauth
import django
import django_tasks.base
import django_tasks_db.models
import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from newsroom import borrowed, catalogues
from newsroom.bootstrap import messages
from newsroom.bootstrap.places import ROOT

# "_" is among the names that Babel knows by itself.
KNOWN = set(catalogues.KEYWORDS)
PLACEHOLDER = re.compile(r"%\(\w+\)[0-9]*[sd]|\{\w*\}|%(?![\w(])")


def keys(catalogue: Catalog) -> set[tuple[str, str | None]]:
    """Return the strings of a catalogue, each by its singular and its context."""
    return {
        (message.id[0] if isinstance(message.id, tuple) else message.id, message.context)
        for message in catalogue
        if message.id
    }


@pytest.mark.parametrize("home", catalogues.HOMES)
class TestIndonesian:
    """The catalogue of one folder."""

    def test_has_every_string_of_the_code_and_no_other(self, home: str) -> None:
        stored, wanted = keys(catalogues.read(home, "id")), keys(catalogues.extract(home))
        assert stored - wanted == set(), "run manage.py updatecatalogues"
        assert wanted - stored == set(), "run manage.py updatecatalogues, then translate"

    def test_lacks_no_word(self, home: str) -> None:
        assert catalogues.untranslated(catalogues.read(home, "id")) == []

    def test_is_nowhere_in_doubt(self, home: str) -> None:
        catalogue = catalogues.read(home, "id")
        assert [message.id for message in catalogue if message.fuzzy] == []
        assert list(catalogue.obsolete) == []

    def test_keeps_every_placeholder(self, home: str) -> None:
        for message in catalogues.read(home, "id"):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            allowed = [sorted(PLACEHOLDER.findall(one)) for one in ids]
            for words in translations(message):
                assert sorted(PLACEHOLDER.findall(words)) in allowed, message.id

    def test_ends_as_the_original_ends(self, home: str) -> None:
        for message in catalogues.read(home, "id"):
            original = message.id[-1] if isinstance(message.id, tuple) else message.id
            for words in translations(message):
                assert sign_at_end(words) == sign_at_end(original), message.id
                assert words == words.strip()

    def test_has_the_one_form_that_indonesian_has(self, home: str) -> None:
        catalogue = catalogues.read(home, "id")
        assert (catalogue.num_plurals, catalogue.plural_expr) == (1, "0")
        assert all(len(catalogues.forms(message)) == 1 for message in catalogue if message.id)

    def test_english_is_the_code_itself(self, home: str) -> None:
        assert keys(catalogues.read(home, "en")) == set()
        assert catalogues.path_of(home, "en").exists()

    def test_is_stored_as_the_command_writes_it(
        self, home: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        stored = {language: catalogues.path_of(home, language).read_bytes() for language in catalogues.LANGUAGES}
        for language, content in stored.items():
            path = tmp_path / home / "locale" / language / "LC_MESSAGES" / "django.po"
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
            with monkeypatch.context() as patch:
                patch.setattr(catalogues, "path_of", lambda *_, path=path: path)
                catalogues.update(home, language)
            assert path.read_bytes() == content


def translations(message: Message) -> list[str]:
    """Return the words a message has; none for the header and for one that waits for a translation."""
    return [words for words in catalogues.forms(message) if message.id and words]


def sign_at_end(words: str) -> str:
    """Return the sign that ends a sentence, a question, a label; nothing where a word ends it."""
    last = words.rstrip()[-1:]
    return last if last in ".?!:…" else ""


def test_every_name_that_marks_a_string_is_one_the_extraction_knows() -> None:
    unknown = []
    for path in (path for folder in sum(catalogues.HOMES.values(), ()) for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
                marks = [name for name in node.names if "gettext" in name.name]
                unknown += [f"{path}: {name.asname}" for name in marks if (name.asname or name.name) not in KNOWN]
    assert unknown == []


def test_no_string_is_marked_where_the_extraction_does_not_look() -> None:
    """Before Python 3.12 an f-string is one word to those who read a program by its words."""
    hidden = []
    for path in (path for folder in sum(catalogues.HOMES.values(), ()) for path in (ROOT / folder).rglob("*.py")):
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(text, ast.JoinedStr):
                calls = [node.func for node in ast.walk(text) if isinstance(node, ast.Call)]
                names = {name.id for name in calls if isinstance(name, ast.Name)}
                hidden += [f"{path}:{text.lineno}"] if names & KNOWN else []
    assert hidden == []


def test_one_string_has_one_translation() -> None:
    found: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    for home in catalogues.HOMES:
        for message in catalogues.read(home, "id"):
            if message.id:
                original = message.id[0] if isinstance(message.id, tuple) else message.id
                found[original, message.context].update(catalogues.forms(message))
    assert {key: words for key, words in found.items() if len(words) > 1} == {}


def test_readers_meet_the_words_they_know() -> None:
    words = catalogues.read("newsroom", "id")
    assert words["Leave a reply"].string == "Tinggalkan Balasan"
    assert "Alamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai" in {
        form for message in words for form in catalogues.forms(message)
    }


def test_compiled_catalogue_answers_in_indonesian(tmp_path: Path) -> None:
    source = tmp_path / "id" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_bytes(catalogues.path_of("newsroom", "id").read_bytes())
    messages.compile_catalogue(source)
    with source.with_suffix(".mo").open("rb") as file:
        translations = gettext.GNUTranslations(file)
    assert translations.gettext("Approve") == "Setujui"
    for number in (0, 1, 2, 11):
        assert translations.ngettext("%(total)s comment", "%(total)s comments", number) == "%(total)s komentar"


def test_all_catalogues_are_compiled() -> None:
    sources = set(messages.catalogues(catalogues.ROOT))
    assert {
        catalogues.path_of(home, language) for home in catalogues.HOMES for language in catalogues.LANGUAGES
    } == sources


FOUNDATIONS = [
    *(Path(django.__path__[0], part) for part in ("conf", "contrib/admin", "contrib/auth")),
    Path(allauth.__path__[0]),
]


def their_catalogue(folder: Path, language: str) -> Catalog:
    """Return the catalogue of a package we build on."""
    with (folder / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("folder", FOUNDATIONS, ids=lambda folder: folder.name)
def test_what_we_build_on_speaks_indonesian(folder: Path) -> None:
    theirs = their_catalogue(folder, "id")
    lacking = {(message.id, message.context) for message in catalogues.untranslated(theirs)}
    missing = keys(their_catalogue(folder, "en")) - (keys(theirs) - lacking)
    assert missing - keys(catalogues.read("newsroom", "id")) == set()


def test_borrowed_strings_are_still_lent() -> None:
    lent = {string for folder in FOUNDATIONS for string, _context in keys(their_catalogue(folder, "en"))}
    assert set(borrowed.STRINGS) - lent == set()


def test_task_queue_speaks_indonesian() -> None:
    ours = {key for home in catalogues.HOMES for key in keys(catalogues.read(home, "id"))}
    for module in (django_tasks.base, django_tasks_db.models):
        theirs = {(words, context) for words, context in catalogues.strings(Path(str(module.__file__)))}
        assert theirs - ours == set()
