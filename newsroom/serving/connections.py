"""Ends connections whose sender keeps a request body from arriving.

granian reads a body in the thread of the request, without a timeout, and an application that returns while a read is
under way stops the whole process: granian then waits for the read with the interpreter's lock held (seen in its source
and measured). The only way to end such a read is to end its connection. A WSGI server does not say which connection
that is, so it is recognised by what the kernel counts (tcp(7), linux/tcp.h): the same peer, a request received, nothing
sent since, and too little received over a few seconds. A connection that waits for its next request or sends at a fair
rate never looks like that; a page that takes longer than those seconds to make may, if its reader shares the address of
a slow sender.

On Linux only; elsewhere nothing is found and nothing ended.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass

# struct tcp_info: milliseconds since the last data sent and received; bytes received, segments with data sent in all.
LAST_SENT_OFFSET = 44
LAST_RECEIVED_OFFSET = 52
BYTES_RECEIVED_OFFSET = 128
SEGMENTS_SENT_OFFSET = 156
TCP_INFO_BYTES = 160
INTERNET = (socket.AF_INET, socket.AF_INET6)


@dataclass(frozen=True)
class Counts:
    """What the kernel has counted for one connection."""

    seconds_since_sent: float
    seconds_since_received: float
    bytes_received: int
    segments_sent: int

    @property
    def awaits_answer(self) -> bool:
        """Whether the last word was the sender's.

        The kernel's clock ticks every few milliseconds. Within one tick the answer came last, unless there was none.
        """
        if self.segments_sent == 0:
            return self.bytes_received > 0
        return self.seconds_since_received < self.seconds_since_sent


# By inode, which names a connection for as long as it lives, unlike the number of its descriptor.
Sample = dict[int, Counts]


def sample(peer: str) -> Sample:
    """Return the counts of this process's connections with `peer` that await an answer."""
    found = {}
    for inode, connection in _connections(peer):
        counts = _counts(connection)
        if counts.awaits_answer:
            found[inode] = counts
    return found


def end_slow(peer: str, before: Sample, window_seconds: float, least_bytes: float) -> int:
    """End what was slow over the window since `before` was taken: nothing sent, less than `least_bytes` received.

    Only the receiving side is shut, so that the sender can still be told. Returns how many.
    """
    ended = 0
    for inode, connection in _connections(peer):
        counts = _counts(connection)
        earlier = before.get(inode)
        if earlier is None or not counts.awaits_answer or counts.seconds_since_sent < window_seconds:
            continue
        if counts.bytes_received - earlier.bytes_received < least_bytes:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
                ended += 1
    return ended


def _connections(peer: str) -> Iterator[tuple[int, socket.socket]]:
    """Yield the connections with `peer`, each through a descriptor of our own.

    Race: a descriptor may be closed and its number reused at any moment. It is duplicated first and looked at after,
    so what is looked at is what is ended.
    """
    if sys.platform != "linux":
        return
    for name in os.listdir("/proc/self/fd"):
        try:
            descriptor = os.dup(int(name))
        except OSError:
            continue
        try:
            connection = socket.socket(fileno=descriptor)
        except OSError:
            os.close(descriptor)
            continue
        with connection, contextlib.suppress(OSError):
            if connection.family in INTERNET and connection.getpeername()[0] == peer:
                yield os.fstat(descriptor).st_ino, connection


def _counts(connection: socket.socket) -> Counts:
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_BYTES)
    (sent,) = struct.unpack_from("=I", info, LAST_SENT_OFFSET)
    (received,) = struct.unpack_from("=I", info, LAST_RECEIVED_OFFSET)
    (total,) = struct.unpack_from("=Q", info, BYTES_RECEIVED_OFFSET)
    (segments,) = struct.unpack_from("=I", info, SEGMENTS_SENT_OFFSET)
    return Counts(sent / 1000, received / 1000, total, segments)
