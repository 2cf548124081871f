"""Readers who ask two web processes for pages, and a colleague from the desk among them."""

from __future__ import annotations

import gzip
import http.client
import random
import threading
import time

import brotli

from tests.exactness.pages import shot
from tests.exactness.timeline import Read

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
# Of the requests; they go past the cache, and must leave nothing in it.
FROM_THE_DESK = 0.15


class Reader:
    """One browser after another, each with a connection to each process."""

    def __init__(self, seed: int, ports: list[int], host_port: int, staff_cookie: str) -> None:
        self._random = random.Random(seed)
        self._ports = ports
        self._host = f"127.0.0.1:{host_port}"
        self._staff_cookie = staff_cookie
        self._connections: dict[int, http.client.HTTPConnection] = {}
        self._lock = threading.Lock()
        self._reads: list[Read] = []
        self.addresses: list[str] = []

    def read_until(self, stop: threading.Event) -> None:
        """Ask for this and that; what was answered is for `take`."""
        while not stop.is_set():
            process, address = self._random.randrange(len(self._ports)), self._random.choice(self.addresses)
            if self._random.random() < FROM_THE_DESK:
                self.ask(process, address, self._connections, {"Cookie": self._staff_cookie})
                continue
            read = self.ask(process, address, self._connections)
            with self._lock:
                self._reads.append(read)
            time.sleep(self._random.uniform(0, 0.06))

    def take(self) -> list[Read]:
        """Return what was read since the last call."""
        with self._lock:
            reads, self._reads = self._reads, []
        return reads

    def sweep(self, process: int, addresses: list[str]) -> list[Read]:
        """Ask one process for all of these."""
        connections: dict[int, http.client.HTTPConnection] = {}
        return [self.ask(process, address, connections) for address in addresses]

    def ask(
        self,
        process: int,
        address: str,
        connections: dict[int, http.client.HTTPConnection],
        headers: dict[str, str] | None = None,
    ) -> Read:
        """Ask one process for one page, in any encoding."""
        if process not in connections:
            connections[process] = http.client.HTTPConnection("127.0.0.1", self._ports[process], timeout=20)
        accepted = self._random.choice(["br", "gzip", "gzip, br", ""])
        began = time.time()
        connections[process].request(
            "GET", address, headers={"Host": self._host, "Accept-Encoding": accepted, **(headers or {})}
        )
        answer = connections[process].getresponse()
        body = answer.read()
        ended = time.time()
        told = {name.lower(): value for name, value in answer.getheaders()}
        assert headers or "set-cookie" not in told, (address, told)
        body = DECODERS[told.get("content-encoding", "")](body)
        return Read(address, process, began, ended, shot(answer.status, told, body))
