"""Reading the head of a request by its bytes alone, where there can be no two opinions about what it means.

For answers from memory: a parser that calls Python back for each header costs more than all the rest of them. What is
read here is a small part of HTTP/1.1 (RFC 9112), the part that browsers speak; for everything else, and at any doubt,
the answer is None, and the server's parser decides.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from newsroom.serving.environs import name_of

LONGEST_HEAD = 8192
# Characters that RFC 3986 has in paths and queries, with the brackets that browsers send in these.
LINE = re.compile(
    rb"(GET|HEAD) (/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)(?:\?([A-Za-z0-9._~!$&'()*+,;=:@%/?\[\]-]*))? HTTP/1\.1", re.ASCII
)
# They decide where the request ends, or what becomes of the connection.
DOUBTFUL = frozenset(
    (
        *("CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_TRAILER", "HTTP_TE", "HTTP_EXPECT", "HTTP_UPGRADE"),
        *("HTTP_PROXY_CONNECTION", "HTTP_HTTP2_SETTINGS"),
    )
)
USUAL = ("keep-alive", "Keep-Alive")
# All bytes but controls.
PRINTABLE = bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))


def read_line(line: bytes) -> tuple[str, str, str] | None:
    """Return method, path and query of a request line, in the words of WSGI; None where it is for others to read."""
    match = LINE.fullmatch(line)
    if match is None:
        return None
    method, path, query = match.groups()
    return method.decode(), unquote_to_bytes(path).decode("latin-1"), (query or b"").decode()


# Header lines remembered: all browsers of a make send most of theirs alike.
MOST_LINES = 2048
LONGEST_LINE = 300

_lines: dict[str, tuple[str, str]] = {}


def read_header(line: str) -> tuple[str, str] | None:
    """Return name, as WSGI has it, and value of a header line without its end; None at any doubt."""
    name, _, value = line.partition(": ")
    key = name_of(name)
    if not key or key in DOUBTFUL or not value or value.strip() != value:
        return None
    if key == "HTTP_CONNECTION" and value not in USUAL:
        return None
    if len(line) <= LONGEST_LINE:
        if len(_lines) >= MOST_LINES:
            _lines.clear()
        _lines[line] = key, value
    return key, value


def read_block(block: bytes) -> dict[str, str] | None:
    """Return the headers in the bytes after the request line, the empty line among them; None at any doubt.

    There is one Host, no other header twice, and nothing that says of a body, or of the connection's future, anything
    but the usual.
    """
    lines = block.decode("latin-1").split("\r\n")
    # No control character but those that end the lines, in their order, and two of them at the end only.
    if block.translate(None, PRINTABLE) != b"\r\n" * (len(lines) - 1) or lines[-2:] != ["", ""]:
        return None
    headers: dict[str, str] = {}
    for line in lines[:-2]:
        header = _lines.get(line) or read_header(line)
        if header is None:
            return None
        headers[header[0]] = header[1]
    return headers if len(headers) == len(lines) - 2 and "HTTP_HOST" in headers else None
