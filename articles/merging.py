"""Two edits of one text, brought together paragraph by paragraph where they do not meet."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.diffing import blocks
from newsroom.core import richtext


@dataclass(frozen=True)
class Edit:
    """Blocks `start` to `end` of the common text became `new`; where start is end, `new` was put in before it."""

    start: int
    end: int
    new: tuple[str, ...]

    def meets(self, other: Edit) -> bool:
        """Whether both edits touch a block, or put something in at one place: whose comes first nobody can say."""
        if self.start == self.end or other.start == other.end:
            return self.start <= other.end and other.start <= self.end
        return self.start < other.end and other.start < self.end


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Return the rich text with both edits of `base`, or None where they meet. All three are sanitised first."""
    old, one, two = (list(blocks(richtext.sanitize(text))) for text in (base, mine, theirs))
    edits, others = _edits(old, one), _edits(old, two)
    if any(edit.meets(other) for edit in edits for other in others if edit != other):
        return None
    merged: list[str] = []
    done = 0
    for edit in sorted({*edits, *others}, key=lambda edit: (edit.start, edit.end)):
        merged += [*old[done : edit.start], *edit.new]
        done = edit.end
    return "".join([*merged, *old[done:]])


def _edits(old: list[str], new: list[str]) -> list[Edit]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [Edit(i1, i2, tuple(new[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes() if tag != "equal"]
