"""One declaration gives the editor its features and the sanitiser its allow-list."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import nh3
from django_prose_editor.config import EXTENSION_MAPPING, add_allowed_classes, add_tags_and_attributes
from js_asset import static_lazy

Shared = dict[str, Any]
SCHEMES = ["http", "https", "mailto"]


def pull_quote(_config: Any, shared: Shared) -> None:
    """Allow `<aside class="pull-quote">`."""
    add_tags_and_attributes(shared, ["aside"], None)
    add_allowed_classes(shared, {"aside": ["pull-quote"]})


def figure(_config: Any, shared: Shared) -> None:
    """Allow `<figure data-image-id="7"><figcaption>`: the picture itself stands in the library and comes when shown."""
    add_tags_and_attributes(shared, ["figure", "figcaption"], {"figure": ["data-image-id"]})


def no_markup(_config: Any, _shared: Shared) -> None:
    """Allow nothing: the extension changes how the editor works, not what it writes."""


# Our own extensions, in desk/editor.js. Callables, not dotted names: those crash in django-prose-editor 0.28.
OWN_EXTENSIONS = {"PullQuote": pull_quote, "Figure": figure, "CleanPaste": no_markup}
EDITOR_EXTENSIONS: list[dict[str, Any]] = [{"js": [static_lazy("desk/editor.js")], "extensions": OWN_EXTENSIONS}]
# Extension name -> its options, as django-prose-editor takes them. Taking one away eats stored text: see `sanitize`.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Link": {"protocols": SCHEMES, "enableTarget": False},
    "Heading": {"levels": [2, 3]},
    "HardBreak": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "PullQuote": True,
    "Figure": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "CleanPaste": True,
    # Writers want the browser's spelling marks.
    "NoSpellCheck": False,
}
# What a story's text consists of besides; the library adds the same to every editor.
BASICS = ("Paragraph",)

# Elements that go with all they hold: what is in them is no text, or is parsed by rules of its own.
DROPPED = {
    "script", "style", "template", "noscript", "noembed", "noframes", "iframe", "object", "svg", "math", "xmp",
    "plaintext", "title", "textarea", "select", "video", "audio", "canvas",
}  # fmt: skip
# One scheme of ours, or a path or place on this site; "//host" would be another site without a scheme.
HREF = re.compile(r"(?:https?://|mailto:)[^\s<>\"\\]+|/(?![/\\])[^\s<>\"\\]*|#[\w-]+", re.IGNORECASE)
NUMBER = re.compile(r"[1-9][0-9]{0,2}")
ID = re.compile(r"[1-9][0-9]{0,17}")
EMPTY = re.compile(r"(?:<p>(?:<br>|\s|&nbsp;)*</p>\s*)*")
# Text that changes with every cleaning is no text; four passes settle all that was ever met.
PASSES = 8


def allowlist() -> Shared:
    """Return what the declared extensions may write: {"tags": set, "attributes": {tag: set}, ...}."""
    shared: Shared = {"tags": set(), "attributes": {}}
    processors = {**EXTENSION_MAPPING, **OWN_EXTENSIONS}
    for name, options in {**dict.fromkeys(BASICS, True), **EXTENSIONS}.items():
        if options is not False:
            processors[name](options, shared)
    return shared


def keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Return an allowed attribute's value, or None when the value is not one the editor writes."""
    if name == "href":
        value = value.strip()
        return value if HREF.fullmatch(value) else None
    if name in ("start", "rowspan", "colspan"):
        return value if NUMBER.fullmatch(value) else None
    if name == "data-image-id":
        return value if ID.fullmatch(value) else None
    if name in ("type", "data-type"):
        return value if value in ("1", "a", "A", "i", "I") else None
    return value


def _cleaner() -> nh3.Cleaner:
    shared = allowlist()
    attributes = {tag: set(names) - {"rel"} for tag, names in shared["attributes"].items()}
    # Without this the cleaner lets title and lang stand on every element.
    attributes["*"] = set()
    return nh3.Cleaner(
        tags=set(shared["tags"]),
        attributes=attributes,
        clean_content_tags=DROPPED,
        url_schemes=set(SCHEMES),
        link_rel="noopener",
        # Every aside is a pull quote: the editor has no other.
        set_tag_attribute_values={"aside": {"class": "pull-quote"}},
        attribute_filter=keep_attribute,
    )


CLEANER = _cleaner()
# What a caption may hold.
CAPTION_CLEANER = nh3.Cleaner(
    tags={"strong", "em", "a"},
    attributes={"a": {"href", "title"}, "*": set()},
    clean_content_tags=DROPPED,
    url_schemes=set(SCHEMES),
    link_rel="noopener",
    attribute_filter=keep_attribute,
)
FIGURE_TAG = re.compile(r"(</?fig(?:ure|caption)\b[^>]*>)")
FIGURE_START = re.compile(r'<figure data-image-id="([1-9][0-9]{0,17})">')
BLOCK_END = re.compile(r"</(?:p|h2|h3|li|td|th|blockquote|aside|figcaption)>|<br>")
# Elements inside elements: what a desk writes stays below ten. The parser's time grows with the square of the depth.
DEEPEST = 100
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# These never nest by themselves: the next one ends the last, or they hold nothing.
FLAT = {"p", "li", "td", "th", "tr", "br", "hr", "img", "dt", "dd", "option", "input", "col", "meta", "link", "wbr"}
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


def sanitize(markup: str) -> str:
    """Return `markup` less all that the editor could not have written; "" when no text is left.

    Cleaning twice changes nothing more: it is repeated until that holds, since parsing misnested markup can bring forth
    new structure (mutation XSS rests on this). What nests absurdly deep comes back as plain text. Call it on save, on
    import and at projection. Who takes an extension out of the declaration must move stored texts first: what no
    extension declares is gone at the next save.
    """
    markup = CONTROL.sub("", markup)
    if _depth(markup) > DEEPEST:
        return nh3.clean_text(markup)
    for _ in range(PASSES):
        cleaned = settle_figures(CLEANER.clean(markup))
        if cleaned == markup:
            return "" if EMPTY.fullmatch(cleaned) else cleaned
        markup = cleaned
    return nh3.clean_text(markup)


def settle_figures(cleaned: str) -> str:
    """Give every figure its one form, `<figure data-image-id="7"><figcaption>words</figcaption></figure>`.

    What else stands in one goes but for its words; a figure in a figure stands behind it; one that names no picture,
    and a caption outside of a figure, are text. May leave ends without beginnings, which the next cleaning takes away.
    """
    if "<fig" not in cleaned:
        return cleaned
    out: list[str] = []
    # The picture's id and the words of the figure we are in; None: in none.
    inside: tuple[str, list[str]] | None = None
    for piece in FIGURE_TAG.split(cleaned):
        if piece.startswith("<figure"):
            out.append(_figure(*inside) if inside else "")
            found = FIGURE_START.fullmatch(piece)
            inside = (found[1] if found else "", [])
        elif piece == "</figure>":
            out.append(_figure(*inside) if inside else "")
            inside = None
        elif inside:
            inside[1].append(piece)
        elif piece not in ("<figcaption>", "</figcaption>"):
            out.append(piece)
    return "".join([*out, _figure(*inside) if inside else ""])


def _figure(image_id: str, words: list[str]) -> str:
    inner = BLOCK_END.sub(lambda found: f"{found[0]} ", "".join(words))
    caption = " ".join(CAPTION_CLEANER.clean(inner).split())
    if not image_id:
        return f"<p>{caption}</p>" if caption else ""
    return f'<figure data-image-id="{image_id}"><figcaption>{caption}</figcaption></figure>'


def _depth(markup: str) -> int:
    """Return how deep the elements of `markup` nest at most, judged by its tags alone."""
    depth = deepest = 0
    for closing, name in TAG.findall(markup):
        if name.lower() not in FLAT:
            depth = max(depth - 1, 0) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


class _Reader(HTMLParser):
    """Collects the text of sanitised markup, a line for each block."""

    BLOCKS = frozenset(
        {"p", "h2", "h3", "li", "tr", "table", "ul", "ol", "blockquote", "aside", "br", "figure", "figcaption"}
    )
    CELLS = frozenset({"td", "th"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n")
        elif tag in self.CELLS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data.replace("\n", " "))


def plain_text(markup: str) -> str:
    """Return the words of sanitised `markup`, one line for each block, without empty lines."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.parts).split("\n"))
    return "\n".join(line for line in lines if line)


WORD = re.compile(r"\w+(?:['’.,/-]\w+)*")


def word_count(markup: str) -> int:
    """Return the number of words of `markup`, as a desk counts them: "G-20", "12,5" and "Jum'at" are one each."""
    return len(WORD.findall(plain_text(markup)))
