"""Where on a page the article's text stands, read from the tree itself.

trafilatura decides what is article and what is not; this module says where that is and reads it as published. It mends
what trafilatura was measured to do: below about 300 characters of article it returns menus and teasers, it drops a
paragraph that repeats, and it drops every invisible character, joiners that are spelling among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from transforms.web.page_blocks import BODY_MARK, FAR_BODY, MIN_LINE, Block, is_rights_notice
from transforms.web.page_metadata import is_dateline, title_key

_SHORT_BODY: Final = 60  # an unmarked body needs so many characters of sentences
_TEXT_SHARE: Final = 0.5  # of a body's characters that stand in lines of running text
_NEAR: Final = 12  # blocks after the heading within which a body without other marks begins
_LEVELS: Final = 3
_OWN_SHARE: Final = 0.7
_MAX_LEAD: Final = 12
_ALIKE: Final = 3
_DEPTH: Final = 50  # elements around a line that are looked at; hostile pages have hundreds
_SHARE_OF_PARENT: Final = 0.6


@dataclass(slots=True)
class Place:
    """The container that an article's body stands in, its blocks in order and their weight.

    `before` are the few lines of text between the heading and it, `after` those in elements beside it that are made
    alike: parts of the article, or something else.
    """

    blocks: list[Block]
    weight: float
    before: list[Block]
    after: list[Block]


def locate_body(blocks: list[Block], title: str) -> Place | None:
    """The container whose lines look most like an article's body, near the heading or marked as one, or None."""
    key = title_key(title)
    heading_at = next((block.place for block in blocks if key and title_key(block.text) == key), -1)
    scores: defaultdict[Any, float] = defaultdict(float)
    first: dict[Any, int] = {}
    texts = [b for b in blocks if b.weight and b.place != heading_at and not is_dateline(b.text)]
    for block, wrapping in zip(texts, _count_wrapping(texts), strict=True):
        score = block.weight if block.place > heading_at else block.weight * 0.4
        for level, container in enumerate(block.containers[wrapping : wrapping + _LEVELS]):
            scores[container] += score * _SHARE_OF_PARENT**level
            first.setdefault(container, block.place)
    if not scores:
        return None
    for container in scores:
        scores[container] *= _mark_factor(container)
    best = max(scores, key=lambda container: scores[container])
    near = heading_at < first[best] <= heading_at + _NEAR
    inside = _trim(best, [block for block in blocks if best in block.containers and block.place != heading_at])
    weight = sum(block.weight for block in inside)
    if weight < _TEXT_SHARE * sum(len(block.text) for block in inside):
        return None
    needed = MIN_LINE if _mark_factor(best) > 1 else _SHORT_BODY if near else FAR_BODY
    if weight < needed:
        return None
    between = [block for block in blocks if heading_at < block.place < inside[0].place and block.weight]
    before = between if heading_at >= 0 and len(between) <= _MAX_LEAD else []
    return Place(inside, weight, before, [b for b in blocks if b.place > inside[-1].place and _stands_beside(b, best)])


def _stands_beside(block: Block, container: Any) -> bool:
    """Whether a line of text stands in an element beside `container` and like it: the text goes on there."""
    parent = container.getparent()
    if parent is None or parent.tag == "body" or not block.weight:
        return False
    return any(
        c.tag == container.tag and c.get("class") == container.get("class")
        for c in block.containers
        if c is not container and c.getparent() is parent
    )


def _count_wrapping(texts: list[Block]) -> list[int]:
    """For each line, how many elements around it hold nothing else, where at least two others are wrapped alike."""
    lines = Counter(container for block in texts for container in block.containers[:_DEPTH])
    counts, makes = [], []
    for block in texts:
        count = next((i for i, container in enumerate(block.containers[:_DEPTH]) if lines[container] > 1), 0)
        wrap = block.containers[count - 1]
        counts.append(count)
        makes.append((wrap.getparent(), wrap.tag, wrap.get("class")) if count else None)
    alike = Counter(makes)
    return [count if alike[make] >= _ALIKE else 0 for count, make in zip(counts, makes, strict=True)]


def _trim(container: Any, inside: list[Block]) -> list[Block]:
    """Without what surrounds a text that stands in its container itself, not in elements of it."""
    own = [block for block in inside if block.containers[0] is container]
    if sum(block.weight for block in own) < _OWN_SHARE * sum(block.weight for block in inside):
        return inside
    return [block for block in inside if own[0].place <= block.place <= own[-1].place] if own else inside


def _mark_factor(container: Any) -> float:
    if "articlebody" in (container.get("itemprop") or "").lower():
        return 4.0
    return 2.0 if BODY_MARK.search(f"{container.get('class') or ''} {container.get('id') or ''}"[:400]) else 1.0


def choose_body(blocks: list[Block], place: Place | None, lines: Iterable[str]) -> list[str]:
    """The body's lines: of trafilatura's `lines` and the located ones those that are right; none without an article.

    Where both agree on the place, trafilatura's choice among its lines holds, in the page's own spelling and number.
    """
    chosen = {title_key(line.removeprefix("- ")): line for line in lines}
    blocks = [block for block in blocks if not block.is_pointer and not is_rights_notice(block.text)]
    kept = [block for block in blocks if title_key(block.text) in chosen]
    total = sum(block.weight for block in kept)
    if place is None:
        return (
            [] if total < 250 or 2 * sum(len(b.text) for b in kept if not b.weight) > total else [b.text for b in kept]
        )
    inside = {block.place for block in place.blocks}
    agreed = sum(block.weight for block in kept if block.place in inside)
    if total > 2 * place.weight and total >= 500 and agreed < 0.5 * place.weight:
        return [block.text for block in kept]
    shown = [b for b in place.blocks if not b.is_pointer and not is_rights_notice(b.text)]
    lead = [block.text for block in place.before if title_key(block.text) in chosen]
    if agreed >= 0.5 * place.weight and agreed >= 0.6 * total:
        body = [b.text for b in shown if title_key(b.text) in chosen or (agreed < 1000 and b.weight)]
    else:
        body = [b.text for b in shown if b.weight or title_key(b.text) in chosen]
    return lead + body + [b.text for b in place.after if title_key(b.text) in chosen]
