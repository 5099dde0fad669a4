"""Lexicons: language as data. A lexicon is a TOML file of `[[table]]` entries, each with examples that are tests.

An entry type is a frozen dataclass. Its fields are `str`, `bool`, or `tuple[str, ...]`; a field without a default is
required; `one_of(...)` closes a field's vocabulary. Every fault is an InputError with file, line and fault.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from transforms.errors import InputError


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What every entry has: sentences that it must and must not match."""

    match: tuple[str, ...]
    no_match: tuple[str, ...] = ()


EntryT = TypeVar("EntryT", bound=Entry)


def one_of(*choices: str, default: Any = MISSING, key: bool = False) -> Any:
    """A dataclass field whose value or values come from a closed vocabulary."""
    metadata = {"choices": frozenset(choices), "key": key}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


def key_field() -> Any:
    """The dataclass field that names an entry; two entries of one table may not share it."""
    return field(metadata={"key": True})


@cache
def load_lexicon(file: str, table: str, entry_type: type[EntryT], folder: Path | None = None) -> tuple[EntryT, ...]:
    """The entries of `[[table]]` in a lexicon file, in order; read and validated once per process.

    `folder` is the packaged transforms/lexicon unless given.
    """
    source = (folder if folder else files("transforms") / "lexicon") / file
    name = str(source)
    try:
        text = source.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except FileNotFoundError:
        raise InputError("no such lexicon", file=name) from None
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: {error.reason} at byte {error.start}", file=name) from None
    except (ValueError, RecursionError) as error:  # a TOMLDecodeError, a number of thousands of digits, deep nesting
        raise InputError(f"not TOML: {error}", file=name, line=_line_of(error)) from None
    raw = data.get(table)
    if not isinstance(raw, list) or not raw or not all(isinstance(values, dict) for values in raw):
        raise InputError(f"no [[{table}]] entries", file=name)
    lines = _header_lines(text, table)
    entries = []
    seen: dict[tuple[str, str], int] = {}
    for number, values in enumerate(raw):
        line = lines[number] if number < len(lines) else 1
        entries.append(_make_entry(values, entry_type, name, line))
        for spec in fields(entry_type):
            if spec.metadata.get("key"):
                mark = (spec.name, str(values[spec.name]))
                if mark in seen:
                    raise InputError(
                        f"duplicate {spec.name} {mark[1]!r}, first in line {seen[mark]}", file=name, line=line
                    )
                seen[mark] = line
    return tuple(entries)


def _line_of(error: Exception) -> int | None:
    found = re.search(r"line (\d+)", str(error))
    return int(found.group(1)) if found else None


def _header_lines(text: str, table: str) -> list[int]:
    header = re.compile(rf"\s*\[\[\s*{re.escape(table)}\s*\]\]")
    return [number for number, line in enumerate(text.splitlines(), start=1) if header.match(line)]


def _make_entry(values: dict[str, Any], entry_type: type[EntryT], file: str, line: int) -> EntryT:
    known = {spec.name.rstrip("_"): spec for spec in fields(entry_type)}  # `with_` is the key `with`
    for key in values:
        if key not in known:
            raise InputError(f"unknown key {key!r}; known are {', '.join(sorted(known))}", file=file, line=line)
    out: dict[str, Any] = {}
    for name, spec in known.items():
        if name in values:
            out[spec.name] = _checked(values[name], spec, file, line)
        elif spec.default is MISSING and spec.default_factory is MISSING:
            raise InputError(f"missing key {name!r}", file=file, line=line)
    if not out["match"]:
        raise InputError("no examples: `match` needs at least one sentence", file=file, line=line)
    return entry_type(**out)


def _checked(value: Any, spec: Field[Any], file: str, line: int) -> Any:
    if spec.type in (bool, "bool"):
        if not isinstance(value, bool):
            raise InputError(f"{spec.name} must be true or false, not {value!r}", file=file, line=line)
        return value
    several = str(spec.type).startswith("tuple")
    items: Iterable[Any] = value if several and isinstance(value, list) else [value]
    if several and not isinstance(value, list):
        raise InputError(f"{spec.name} must be a list of strings, not {value!r}", file=file, line=line)
    choices = spec.metadata.get("choices")
    for item in items:
        if not isinstance(item, str) or not item.strip():
            raise InputError(f"{spec.name} must hold non-empty strings, not {item!r}", file=file, line=line)
        if choices is not None and item not in choices:
            raise InputError(
                f"unknown {spec.name} {item!r}; known are {', '.join(sorted(choices))}", file=file, line=line
            )
    return tuple(items) if several else value
