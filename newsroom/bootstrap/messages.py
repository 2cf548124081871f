"""Compiles the translations with Babel: no gettext programs needed. Runs in `.venv`.

`python -m newsroom.bootstrap.messages` compiles every `locale/*/LC_MESSAGES/*.po`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from newsroom.bootstrap.places import ROOT


def catalogues(root: Path) -> Iterator[Path]:
    """Yield the sources of all translations of the project."""
    for package in ("newsroom", "articles", "comments"):
        yield from sorted((root / package).glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_catalogue(source: Path) -> None:
    """Write the compiled form beside its source, whole or not at all; fuzzy entries stay untranslated."""
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parent.parent.name, abort_invalid=True)
    scratch = source.with_suffix(".mo.new")
    with scratch.open("wb") as file:
        write_mo(file, catalogue)
    scratch.replace(source.with_suffix(".mo"))


def main(root: Path = ROOT) -> int:
    """Compile all of them; name the line that cannot be read."""
    for source in catalogues(root):
        try:
            compile_catalogue(source)
        except (PoFileError, UnicodeDecodeError) as error:
            print(f"{source.relative_to(root)}: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
