"""HTML text to an lxml tree."""

from __future__ import annotations

from typing import Any

from lxml import etree
from lxml import html as lxml_html

from transforms.web.text import strip_controls


def parse_html(text: str) -> Any:
    """The tree of an HTML document, None when nothing in it is an element. Comments are left out; nothing is loaded."""
    parser = lxml_html.HTMLParser(
        collect_ids=False,
        default_doctype=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        no_network=True,
    )
    try:
        return lxml_html.document_fromstring(strip_controls(text).encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None
