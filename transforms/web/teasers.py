"""What stands among an article's paragraphs and is none of them: teasers of other articles, boxes to sign up in.

Teasers are cards in a row, each a linked headline with a line or two of summary.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

_CARDS: Final = frozenset(("div", "li", "article", "section", "a", "td", "tr", "dl", "figure"))
_MIN_ROW: Final = 3
_MIN_HEADLINE: Final = 15  # characters; shorter links are menus', names' and tags'
_MIN_SUMMARY: Final = 25
_MAX_CARD: Final = 500
_MAX_BOX: Final = 300
_LINK_SHARE: Final = 0.25  # of a card's characters at least
_MAX_BEFORE: Final = 40  # characters of a card before its headline: a section, a date


def find_teasers(tree: Any) -> set[Any]:
    """The elements that are teasers: at least three siblings of one make that all look like one."""
    found: set[Any] = set()
    for parent in tree.iter():
        if len(parent) < _MIN_ROW or not isinstance(parent.tag, str):
            continue
        rows: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
        for child in parent:
            if child.tag in _CARDS:
                rows[child.tag, child.get("class") or ""].append(child)
        for row in rows.values():
            if len(row) >= _MIN_ROW:
                cards = [child for child in row if _is_card(child)]
                if len(cards) >= _MIN_ROW and 2 * len(cards) > len(row):
                    found.update(cards)
    return found


def find_sign_ups(tree: Any) -> set[Any]:
    """The smallest elements around a form with its words of invitation."""
    found: set[Any] = set()
    sizes: dict[Any, int] = {}
    for form in tree.iter("form"):
        box = form
        for element in form.iterancestors():
            if element not in sizes:
                sizes[element] = len(element.text_content())
            if element.tag == "body" or sizes[element] > _MAX_BOX:
                break
            box = element
        if box is not form:
            found.add(box)
    return found


def _is_card(element: Any) -> bool:
    """Whether an element is short, and begins with a link that is long enough to be a headline."""
    size = link_size = headline_at = 0
    for text, in_link in _texts(element, element.tag == "a"):
        length = len(text.strip())
        if in_link:
            headline_at = headline_at if link_size >= _MIN_HEADLINE else size
            link_size += length
        size += length
        if size > _MAX_CARD:
            return False
    if size - link_size < _MIN_SUMMARY:
        return False  # a link and nothing else is no text that could be taken for an article's
    return link_size >= max(_MIN_HEADLINE, _LINK_SHARE * size) and headline_at <= _MAX_BEFORE


def _texts(element: Any, in_link: bool) -> Any:
    """Its texts in order, each with whether it is a link's; the element's own tail is none of them."""
    stack = [(element, in_link, False)]
    while stack:
        node, linked, left = stack.pop()
        if left:
            if node.tail:
                yield node.tail, linked
            continue
        inside = linked or node.tag == "a"
        if node.text and isinstance(node.tag, str):
            yield node.text, inside
        for child in reversed(node):
            stack.append((child, inside, True))
            stack.append((child, inside, False))
