"""The report's page: its assets and data in one HTML file that asks no network. No Beam."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
import tomllib
from importlib.resources import files
from typing import Any, Final

ASSETS: Final = files("pipeline") / "report_assets"
SCRIPTS: Final = ("1_base.js", "2_highlight.js", "3_filters.js", "4_charts.js", "5_lists.js", "6_main.js")
COMPRESSED_FROM: Final = 200_000  # bytes of data; below, it stays readable
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")


def load_labels() -> dict[str, dict[str, dict[str, str]]]:
    """The words of the page: vocabulary, word, language."""
    return tomllib.loads(_asset("labels.toml"))


def build_page(data: dict[str, Any]) -> str:
    """The page that shows what `read_report` gave. The same data makes the same page."""
    raw = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    packed = len(raw) >= COMPRESSED_FROM
    labels = load_labels()
    # Only the page's own scripts bear it. A text in the data cannot hold a hash of the data.
    nonce = hashlib.sha256(raw).hexdigest()[:32]
    values = {
        "policy": f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        "title": html.escape(labels["text"]["title"]["ar"]),
        "style": _asset("page.css"),
        "labels": _script_safe(json.dumps(labels, ensure_ascii=False)),
        "data_type": "text/plain" if packed else "application/json",
        "data": base64.b64encode(gzip.compress(raw, mtime=0)).decode() if packed else _script_safe(raw.decode()),
        "charts": _asset("echarts.min.js"),
        "script": f'"use strict";(() => {{\n{"".join(map(_asset, SCRIPTS))}}})();',
        "nonce": nonce,
    }
    return _PLACE.sub(lambda found: values[found[1]], _asset("page.html"))


def _script_safe(text: str) -> str:
    """JSON that cannot end the script element that it stands in."""
    return text.replace("<", "\\u003c")


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
