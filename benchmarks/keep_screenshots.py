"""Keeps the pictures of the last journeys with the documentation."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAKEN = ROOT / "var" / "pictures" / "sqlite"
KEPT = ROOT / "docs" / "screenshots"


def main() -> int:
    """Copy each picture; refuse when there is none."""
    pictures = sorted(TAKEN.glob("*.png"))
    if not pictures:
        print(f"There is no picture in {TAKEN.relative_to(ROOT)}.", file=sys.stderr)
        return 1
    KEPT.mkdir(parents=True, exist_ok=True)
    for picture in pictures:
        shutil.copyfile(picture, KEPT / picture.name)
    print(f"{len(pictures)} pictures kept in {KEPT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
