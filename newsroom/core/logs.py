"""Log lines that stay one line each, whatever a request put into them."""

from __future__ import annotations

import logging
import re

# Line ends and controls would forge lines; escape codes would paint a terminal; bidi marks would turn text around.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class LineFormatter(logging.Formatter):
    """Formats a record as one line in which the unprintable is written out; a traceback follows, indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line without its traceback."""
        return escape(super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        """Return the traceback, each line marked by an indent, so that none can pass for a record."""
        text = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join("    " + escape(line) for line in text.split("\n"))


def escape(text: str) -> str:
    """Return `text` with everything unprintable written out."""
    return UNPRINTABLE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)
