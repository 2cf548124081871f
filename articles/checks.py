"""System checks: what pictures need of the libraries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error
from PIL import features

# Feature of Pillow -> what is lost without it.
NEEDED = {
    "avif": "AVIF pictures",
    "webp": "WebP pictures",
    "jpg": "JPEG pictures",
    "zlib": "PNG pictures",
    "littlecms2": "colour profiles",
}


def check_pillow(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Pillow must read and write every format that pictures come and go in; builds of one's own may not."""
    missing = [words for feature, words in NEEDED.items() if not features.check(feature)]
    if not missing:
        return []
    return [
        Error(
            f"Pillow was built without {', '.join(missing)}.",
            hint="Install the wheel from the package index (pip install --only-binary pillow pillow).",
            id="articles.E020",
        )
    ]
