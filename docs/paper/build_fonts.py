"""Makes the paper's headline faces from the upstream variable font; fonts.md beside this file says how to run it.

The order matters: the glyphs are reduced first and the axes pinned afterwards. Pinning the full file first keeps
variation data of glyphs that are then thrown away and fails in fontTools' GPOS merge.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# ASCII, the letters of Latin-1, and the punctuation that Indonesian and English headlines use.
LATIN = (
    "U+20-7E,U+A0,U+A7,U+A9,U+AB,U+AD,U+B0,U+B2-B3,U+B7,U+BB,U+BD,U+BF-FF,"
    "U+2013-2014,U+2018-201E,U+2022,U+2026,U+2032-2033,U+20AC,U+2212"
)
# Names of the world's people and places: Erdoğan, Vučić, Wałęsa, Việt Nam.
LATIN_EXTENDED = "U+100-130,U+132-151,U+154-17F,U+18F,U+192,U+1A0-1A1,U+1AF-1B0,U+218-21B,U+259,U+1E80-1E85,U+1EA0-1EF9"
AXES = {"opsz": 72, "wdth": 80, "GRAD": 0, "wght": (400, 700)}
FILES = {
    "roboto-serif-latin-full-normal.woff2": ("headline.woff2", LATIN),
    "roboto-serif-latin-ext-full-normal.woff2": ("headline-ext.woff2", LATIN_EXTENDED),
}


def build(source: Path, target: Path, unicodes: str) -> int:
    """Write `target` and return its size in bytes."""
    # The upstream time stays in the file: a build that followed the clock would change the file's hashed name.
    font = TTFont(source, recalcTimestamp=False)
    options = Options()
    options.flavor = "woff2"
    # Ligatures and figure sets would add 7 kB; at this optical size f and i do not touch.
    options.layout_features = ["kern"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.hinting = False
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(unicodes))
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, AXES, inplace=True)
    font.flavor = "woff2"
    font.save(target)
    return target.stat().st_size


def main() -> None:
    source_dir = Path(sys.argv[1])
    target_dir = Path(__file__).resolve().parents[2] / "newsroom" / "static" / "paper" / "fonts"
    for source, (target, unicodes) in FILES.items():
        print(target, build(source_dir / source, target_dir / target, unicodes))


if __name__ == "__main__":
    main()
