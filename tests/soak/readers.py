"""People without a browser: they open pages, fill in the forms that stand there, and send them."""

from __future__ import annotations

import http.client
import random
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib

# Field, and its value or the name and content of a file.
Field = tuple[str, str | tuple[str, bytes]]
NOT_SENT = ("submit", "button", "image", "reset", "file")


class Person:
    """Somebody with cookies of their own. `answers` counts the statuses they saw."""

    def __init__(self, site: str, chance: random.Random) -> None:
        self.site = site
        self.chance = chance
        self.answers: Counter[int] = Counter()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, data: bytes | None = None, **headers: str) -> tuple[str, bytes]:
        """Ask for a page; return the path it came from in the end, and its bytes. Refusals are answers too."""
        said = {"Origin": self.site} if data is not None else {}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(urljoin(self.site, path), data, said)
        try:
            with self._opener.open(request, timeout=60) as answer:
                self.answers[answer.status] += 1
                return urlsplit(answer.url).path, answer.read()
        except urllib.error.HTTPError as refusal:
            self.answers[refusal.code] += 1
            return path, refusal.read()
        except (OSError, http.client.HTTPException):
            self.answers[0] += 1
            return path, b""

    def fill_in(
        self, path: str, pick: Callable[[Element], bool], *changes: Field, button: str = "", **headers: str
    ) -> tuple[str, bytes]:
        """Open a page and send the first form on it that fits, with what stands in it but for `changes`.

        `button`: the value of the button to press, "" for none that has a name. Without such a form the page is all.
        """
        path, page = self.open(path)
        # Decoded here: left to html5lib, it would be read as Windows-1252, and saved so.
        tree = html5lib.parse(page.decode(), namespaceHTMLElements=False)
        form = next((form for form in tree.iter("form") if pick(form)), None)
        if form is None:
            return path, page
        kept = [field for field in fields(form, button) if field[0] not in {name for name, _ in changes}]
        body, content_type = encode([*kept, *changes])
        return self.open(
            urljoin(self.site + path, form.get("action") or ""), body, content_type=content_type, **headers
        )

    def log_in(self, name: str, password: str) -> None:
        """Log in at the desk. Raises AssertionError when it is refused."""
        self.fill_in("/accounts/login/", posts_to("/login/"), ("login", name), ("password", password))
        assert self.open("/admin/")[0] == "/admin/", f"{name} was not let in"


def posts_to(part: str) -> Callable[[Element], bool]:
    """Return whether a form is sent by POST to an address with this part."""
    return lambda form: form.get("method", "").lower() == "post" and part in form.get("action", "")


def fields(form: Element, button: str) -> list[Field]:
    """Return the fields of a form as they stand, and the button."""
    found: list[Field] = []
    for element in form.iter():
        name, kind = element.get("name"), element.get("type", "")
        if not name or "disabled" in element.attrib:
            continue
        if element.tag == "textarea":
            found.append((name, "".join(element.itertext())))
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = [option for option in options if "selected" in option.attrib] or (
                [] if "multiple" in element.attrib else options[:1]
            )
            found += [(name, option.get("value", "")) for option in chosen]
        elif element.tag in ("input", "button") and (kind == "submit" or element.tag == "button"):
            found += [(name, button)] if button and element.get("value") == button else []
        elif element.tag == "input" and kind not in NOT_SENT and is_sent(element, kind):
            found.append((name, element.get("value", "on" if kind == "checkbox" else "")))
    return found


def is_sent(element: Element, kind: str) -> bool:
    """Say whether an input is sent as it stands: boxes and choices only when they are marked."""
    return kind not in ("checkbox", "radio") or "checked" in element.attrib


def encode(sent: list[Field]) -> tuple[bytes, str]:
    """Return the body and its type: multipart where a file is among the fields."""
    if all(isinstance(value, str) for _, value in sent):
        return urlencode([(name, str(value)) for name, value in sent]).encode(), "application/x-www-form-urlencoded"
    boundary = uuid.uuid4().hex
    parts = []
    for name, value in sent:
        more, content = (f'; filename="{value[0]}"', value[1]) if isinstance(value, tuple) else ("", value.encode())
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
        parts += [head.encode(), content, b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"
