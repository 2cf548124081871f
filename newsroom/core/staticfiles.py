"""Static files under names that change with their content."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# An import at the head of a line that names a file beside it. Django's own pattern wants a semicolon, which our modules
# do without; bare names are the import map's.
RELATIVE_IMPORT = r"""(?m)^(?P<matched>(?P<statement>(?:import|export)\b[^"';]*)["'](?P<url>\.{1,2}/[^"']+)["'])"""

# A line that brings in a sheet lying beside the one it stands in.
SHEET_IMPORT = re.compile(r'^@import url\("(?P<name>[\w-]+\.css)"\);$', re.MULTILINE)


class WholeSheets(Storage):
    """Reads files of another storage; a style sheet that is made of others comes whole."""

    def __init__(self, source: Storage) -> None:
        self.source = source

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        file: File[Any] = self.source.open(name, mode)
        if not name.endswith(".css"):
            return file
        with file:
            return ContentFile(self.whole(name, file.read().decode()).encode(), name=name)

    def whole(self, name: str, css: str) -> str:
        """Return a sheet with those it imports from beside it in the place of the lines that do so."""

        def sheet(line: re.Match[str]) -> str:
            beside = str(PurePosixPath(name).with_name(line["name"]))
            with self.source.open(beside) as file:
                return self.whole(beside, file.read().decode())

        return SHEET_IMPORT.sub(sheet, css)


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compressed files under hashed names, which browsers may keep for good; sheets and modules name each other so.

    Were imports left as they are, a module would load its parts under names that stay the same from one version to the
    next, and a browser could mix two versions. Only hashed files are kept, as nothing asks for others: half the work,
    half the space.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("*.js", ((RELATIVE_IMPORT, """%(statement)s"%(url)s\""""),)),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Return the address of a file. The names are fixed while a process runs; a page asks for seven of them."""
        if settings.DEBUG or force or name is None:
            return str(super().url(name, force))
        if name not in self.addresses:
            self.addresses[name] = super().url(name)
        return self.addresses[name]

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        """Hash and compress, sheets whole: a browser that had to read one to find the next would wait for each."""
        whole = {name: (WholeSheets(storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(whole, dry_run=dry_run, **options)
