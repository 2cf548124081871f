"""Characters that have no place in what people type."""

from __future__ import annotations

import re
import unicodedata

# Directional overrides, embeddings, isolates and marks: they can make text read otherwise than it is stored.
BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# C0 and C1 controls but tab and line feed, the soft hyphen, invisible joiners and separators, the byte order mark,
# tag characters, annotation marks, and lone surrogates. ZWJ and ZWNJ (200c, 200d) stay: emoji and Persian need them.
CONTROL = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff"
)
UNWANTED = re.compile(f"[{BIDI}{CONTROL}]")
LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
BLANKS = re.compile(r"[^\S\n]+")
BLANK_LINES = re.compile(r"\n{3,}")


def clean_line(text: str) -> str:
    """Return `text` as one line: NFC, no control or bidi characters, runs of blanks as one."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """Return `text` in NFC without control and bidi characters; lines end in a line feed, one empty line at most."""
    text = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    text = BLANKS.sub(" ", UNWANTED.sub("", text))
    lines = "\n".join(line.strip() for line in text.split("\n"))
    return BLANK_LINES.sub("\n\n", lines).strip()
