"""What the desk's templates share: icons, the rooms of the header, "My desk".

Imported when templates are, long after the admin site: what stands here may import the apps' admin modules.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from newsroom.desk.board import Board, board_for
from newsroom.desk.rooms import Room, rooms_for

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """Return the icon `name` of desk/icons.svg, `size` px square. It says nothing: words stand beside it."""
    return format_html(
        '<svg class="icon" width="{0}" height="{0}" aria-hidden="true" focusable="false"><use href="{1}#{2}"/></svg>',
        size,
        static("desk/icons.svg"),
        name,
    )


@register.simple_tag(takes_context=True)
def desk_rooms(context: dict[str, Any]) -> list[Room]:
    """Return the rooms this user may enter. One query, the count of waiting comments, where the user moderates."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not (user.is_active and user.is_staff):
        return []
    return rooms_for(request)


@register.simple_tag(takes_context=True)
def desk_board(context: dict[str, Any], at: datetime) -> Board:
    """Return "My desk" for the user of the page. Queries: a fixed number, see newsroom.desk.board."""
    return board_for(context["request"], at=at)
