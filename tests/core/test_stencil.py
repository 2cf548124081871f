"""Stencils say what their template says when it is drawn with the same values."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from comments.outline import COMMENT

HOSTILE = "<b>{name}</b> {0} {{ url }} %s & \ue000url\ue001 \"'"


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("flags", [(), ("can_answer",), ("answers",), ("can_answer", "answers")])
def test_a_comment_is_drawn_as_its_template_draws_it(language: str, flags: tuple[str, ...]) -> None:
    values = dict.fromkeys(COMMENT.names, HOSTILE) | {"paragraphs": SafeString("<p>Satu {dua}</p>")}
    with translation.override(language):
        drawn = COMMENT.fill(*flags, **values)
        plain = render_to_string(COMMENT.template, {**values, **dict.fromkeys(flags, True)})
    assert drawn == plain.strip()
    assert "<b>" not in drawn
