"""What the desk, readers and workers do to a newsroom, each by the service that stands behind the button."""

from tests.exactness.acts import comments, names, stories
from tests.exactness.acts.registry import ACTS

__all__ = ["ACTS", "comments", "names", "stories"]
