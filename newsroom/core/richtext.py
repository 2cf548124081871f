"""One declaration gives the editor its features and the sanitiser its allow-list."""

from __future__ import annotations

from typing import Any

EDITOR_EXTENSIONS: list[dict[str, Any]] = []
# Extension name -> its options, as django-prose-editor takes them.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Link": {"protocols": ["http", "https", "mailto"], "enableTarget": False},
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "Blockquote": True,
    "ListItem": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
