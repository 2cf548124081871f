"""The library that decodes must know every format; a build that does not is named before anything serves."""

from __future__ import annotations

import pytest
from PIL import features

from articles.checks import NEEDED, check_pillow


def test_this_pillow_knows_all_formats() -> None:
    assert check_pillow(None) == []


def test_a_pillow_without_one_is_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "avif")
    (found,) = check_pillow(None)
    assert found.is_serious()
    assert NEEDED["avif"] in found.msg
    assert found.hint
