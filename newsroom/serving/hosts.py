"""Which Host headers the site answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.http.request import split_domain_port, validate_host

# Verdicts kept; every page view sends one of very few names, a scan of invented ones must not fill the memory.
KEPT_VERDICTS = 512
# A name of the DNS has 253 characters at most (RFC 1035, 2.3.4); beside it stands a port.
LONGEST = 300


class Hosts:
    """The allowed hosts, in Django's own notation, with a memory: the check stands before every request."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = allowed
        self._verdicts: dict[str, bool] = {}

    def allow(self, header: str) -> bool:
        """Whether the site answers to this Host header; two of them arrive joined by a comma and are refused."""
        if len(header) > LONGEST:
            return False
        verdict = self._verdicts.get(header)
        if verdict is None:
            domain, _port = split_domain_port(header)
            verdict = bool(domain) and validate_host(domain, self._allowed)
            if len(self._verdicts) >= KEPT_VERDICTS:
                self._verdicts.clear()
            self._verdicts[header] = verdict
        return verdict
