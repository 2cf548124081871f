"""Why a file is not taken as a picture."""

from __future__ import annotations


class Unfit(Exception):
    """`code` says why, in one word; `facts` are its particulars, as JSON can hold them."""

    def __init__(self, code: str, **facts: str | int) -> None:
        self.code = code
        self.facts = facts
        super().__init__(code)
