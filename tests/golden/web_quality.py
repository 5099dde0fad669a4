"""Measures that the golden tests of the web modules share."""

import importlib.util
import json
import re
from argparse import Namespace
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

_WORD = re.compile(r"\w+")


def recall_and_precision(got: str, wanted: str) -> tuple[float, float]:
    """Of words, as multisets."""
    have, want = Counter(_WORD.findall(got)), Counter(_WORD.findall(wanted))
    common = sum((have & want).values())
    return common / max(1, sum(want.values())), common / max(1, sum(have.values()))


def word_f1(got: str, wanted: str) -> float:
    recall, precision = recall_and_precision(got, wanted)
    return 2 * recall * precision / (recall + precision) if recall + precision else 0.0


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def load_serve(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("newsworld_serve", shared / "newsworld" / "serve.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_world(shared: Path) -> Any:
    """newsworld's pages and feeds in memory, without a server."""
    return load_serve(shared).World(
        Namespace(
            port=8900,
            hosts=20,
            items=25,
            delay=0.0,
            faults=True,
            articles=shared / "corpus" / "articles.jsonl",
            shells=shared / "newsworld" / "shells",
        )
    )
