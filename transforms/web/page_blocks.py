"""The lines of a page in order, read from the tree itself: without those of menus, forms, comments and the like."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final

from transforms.arabic.lexicon import Entry, load_lexicon
from transforms.web.page_metadata import title_key
from transforms.web.teasers import find_sign_ups, find_teasers
from transforms.web.text import normalise_whitespace

_SKIPPED: Final = frozenset((
    "head", "script", "style", "svg", "template", "noscript", "nav", "aside", "footer", "form", "button", "select",
    "textarea", "option", "label", "input", "iframe", "object", "video", "audio", "figure", "figcaption", "canvas",
    "dialog", "menu",
))  # fmt: skip
_INLINE: Final = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
    "wbr",
))  # fmt: skip
_NO_PROSE: Final = frozenset(("a", "head", "script", "style", "noscript", "select", "label", "button", "textarea"))
_CONTAINERS: Final = frozenset(["div", "section", "article", "main", "body", "td", "center"])
# Parts of an article's surroundings, by the names that stylesheets give them.
_SURROUNDINGS: Final = re.compile(
    r"(?:^|[\s_-])(?:related|comments?|newsletter|subscri\w*|breadcrumbs?|caption|img-cap|most-?(?:read|viewed)|author-(?:box|bio|info)"
    r"|ratings?|polls?|footer|cookies?|consent|copyrights?|popup|sub-?title|read-?(?:more|also)|trending|recommended|prev|next"
    r"|pager|pagination|time-?to-?read)(?:$|[\s_-]|[A-Z])|respond|disqus|addthis|taboola|outbrain|jp-relatedposts",
    re.IGNORECASE,
)
# These name layouts too: an element of such a name is skipped only when it has no text of its own.
_LAYOUT: Final = re.compile(
    r"(?:^|[\s_-])(?:shar(?:e|ing)|social|advert\w*|ads?|promo|sidebar|menu|nav(?:bar|igation)?|modal|tags?(?=\s|$)|widget|login|search)"
    r"(?:$|[\s_-]|[A-Z])",
    re.IGNORECASE,
)
BODY_MARK: Final = re.compile(
    r"(?:article|story|post|entry|news|single|page|main|detail)s?[-_]?(?:body|content|text|details?(?![\w-]))"
    r"|body[-_]?(?:text|content|copy)|field-name-body|long-?desc|rich-?text",
    re.IGNORECASE,
)
_HEADING_MARK: Final = re.compile(r"(?:^|[\s_-])(?:title|headline|heading)(?:$|[\s_-])", re.IGNORECASE)
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "caption", "legend", "summary"))
_SENTENCE: Final = re.compile(r"[.!?\u061f\u060c,:;\u061b\u2026]")
MIN_LINE: Final = 25  # shorter lines are buttons, captions and names as often as text
_LONG_HEADING: Final = 60  # longer ones that end in a full stop are paragraphs in large type
_FULL_STOPS: Final = '.\u06d4\u2026"'
_LONG_LINE: Final = 100  # longer than any teaser
FAR_BODY: Final = 250  # characters of text that make a body wherever they stand
_MOST: Final = 0.6  # of a page's text outside links
_MAX_NOTICE: Final = 200
_MAX_NAMES: Final = 400  # characters of class and id; longer ones name everything
_WRAPPER: Final = 400  # a subscription form or a box of links holds less
_COMMENTS: Final = re.compile(r"comment|respond|disqus", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class RightsNotice(Entry):
    """Words that only the foot of a page holds."""

    names: tuple[str, ...]


@cache
def _rights() -> re.Pattern[str]:
    names = [n for entry in load_lexicon("pages.toml", "rights", RightsNotice) for n in entry.names]
    return re.compile("|".join(re.escape(title_key(name)) for name in names))


def is_rights_notice(line: str) -> bool:
    """Whether a short line says whose rights are reserved."""
    return len(line) <= _MAX_NOTICE and (line[:1] == "\u00a9" or _rights().search(title_key(line)) is not None)


@dataclass(slots=True, eq=False)
class Block:
    """A line of a page. `place` counts the lines before it, `containers` are the elements around it, innermost first.

    `is_heading`: its element or name says that it is no running text. `weight`: how much it looks like running text,
    which is its characters, fewer without a sentence, none among links.
    """

    text: str
    link_chars: int
    place: int
    containers: tuple[Any, ...]
    is_heading: bool
    weight: float = field(init=False)

    def __post_init__(self) -> None:
        self.weight = self._weigh()

    def _weigh(self) -> float:
        size = len(self.text)
        heading = self.is_heading and (size < _LONG_HEADING or self.text[-1] not in _FULL_STOPS)
        if size < MIN_LINE or self.link_chars * 2 >= size or heading or is_rights_notice(self.text):
            return 0.0
        return (size - self.link_chars) * (1.0 if size >= _LONG_LINE or _SENTENCE.search(self.text) else 0.4)

    @property
    def is_pointer(self) -> bool:
        """Whether the line is a label with a link behind its colon: another article to read."""
        label, colon, rest = self.text.partition(":")
        return (
            bool(colon)
            and len(label) < MIN_LINE
            and label.replace(" ", "").isalpha()
            and len(rest) <= self.link_chars + 2
        )


def read_blocks(tree: Any, heading: Any) -> list[Block]:
    """The lines of a page in order, without those of menus, forms, comments and the like."""
    body = tree if tree.tag == "body" else tree.find(".//body")
    if body is None:
        return []
    around = set(heading.iterancestors()) if heading is not None else set()
    reader = _Reader(body, around, (find_teasers(tree) | find_sign_ups(tree)) - around)
    reader.walk(body, (body,), False)
    reader.flush((body,))
    return reader.blocks


class _Reader:
    def __init__(self, body: Any, around_heading: set[Any], teasers: set[Any]) -> None:
        self.blocks: list[Block] = []
        self._around_heading, self._teasers = around_heading, teasers
        self._body = body
        self._sizes: dict[Any, int] = {}
        self._ended = False
        self._parts: list[str] = []
        self._link_chars = 0
        self._heading_depth = 0

    def walk(self, element: Any, containers: tuple[Any, ...], in_link: bool) -> None:
        self._add(element.text, in_link)
        for child in element:
            tag = child.tag
            if self._ended or (tag == "article" and self._is_another_article(child)):
                self._ended = True
                break
            if isinstance(tag, str) and not self._skips(child, tag):
                if tag in _INLINE:
                    self.walk(child, containers, in_link or tag == "a")
                elif tag == "br":
                    self.flush(containers)
                else:
                    inner = (child, *containers) if tag in _CONTAINERS or "-" in tag else containers
                    self.flush(containers)
                    self._heading_depth += tag in _HEADINGS
                    self.walk(child, inner, in_link)
                    self.flush(inner)
                    self._heading_depth -= tag in _HEADINGS
            elif isinstance(tag, str) and tag not in _INLINE:
                self.flush(containers)
            self._add(child.tail, in_link)

    def flush(self, containers: tuple[Any, ...]) -> None:
        text = normalise_whitespace("".join(self._parts))
        if text:
            name = containers[0].get("class") or ""
            is_heading = self._heading_depth > 0 or bool(_HEADING_MARK.search(name[:200]))
            self.blocks.append(Block(text, self._link_chars, len(self.blocks), containers, is_heading))
        self._parts, self._link_chars = [], 0

    def _add(self, text: str | None, in_link: bool) -> None:
        if text:
            self._parts.append(text)
            if in_link:
                self._link_chars += len(text.strip())

    def _is_another_article(self, element: Any) -> bool:
        """Whether an article with a first-level heading of its own follows that of the title: an endless scroll."""
        return any(e.tag == "article" for e in self._around_heading) and (
            element not in self._around_heading and next(element.iter("h1"), None) is not None and bool(self.blocks)
        )

    def _skips(self, element: Any, tag: str) -> bool:
        if element in self._around_heading:
            return False
        if element in self._teasers or (tag == "table" and not _lays_out_text(element)):
            return True
        if tag in _SKIPPED:
            return tag != "form" or not self._holds_most(element)  # some systems wrap every page in a form
        names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
        if not names or len(names) > _MAX_NAMES or tag in ("article", "main"):
            return False
        part = _part_named(names)
        if part == "surroundings":
            return not self._holds_most(element)
        return part == "comments" or (part == "layout" and not _has_paragraphs(element))

    def _holds_most(self, element: Any) -> bool:
        """Whether an element holds most of the page's text outside links and fields: then it wraps the article."""
        if not self._sizes:
            self._measure()
        return self._sizes.get(element, 0) > max(_WRAPPER, _MOST * self._sizes[self._body])

    def _measure(self) -> None:
        """The text of all elements at once: a page may hold hundreds of wrappers in one another."""
        for node in reversed(list(self._body.iter())):  # children before their parents
            size = len((node.text or "").strip())
            for child in node:
                size += len((child.tail or "").strip())
                if child.tag not in _NO_PROSE and child not in self._teasers:
                    size += self._sizes.get(child, 0)
            self._sizes[node] = size


@lru_cache(maxsize=8192)  # the pages of a site share their names
def _part_named(names: str) -> str:
    """Which part of a page the class and id of an element name: comments, surroundings, layout; or none of these."""
    if BODY_MARK.search(names):
        return ""
    if _SURROUNDINGS.search(names):
        return "comments" if _COMMENTS.search(names) else "surroundings"
    return "layout" if _LAYOUT.search(names) else ""


def _lays_out_text(table: Any) -> bool:
    """Whether a table holds running text, as old sites do, and not data."""
    return any(len(cell.text_content()) > _LONG_LINE for cell in table.iter("td"))


def _has_paragraphs(element: Any) -> bool:
    size = 0
    for paragraph in element.iter("p"):
        size += len(paragraph.text_content()) - sum(len(link.text_content()) for link in paragraph.iter("a"))
        if size > FAR_BODY:
            return True
    return False
