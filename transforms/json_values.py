"""Values to JSON and back: times, text that is safe in a line, dataclasses checked field by field. No Beam."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from types import NoneType
from typing import Any, Final, NoReturn, Union, get_args, get_origin, get_type_hints

from transforms.errors import IngestError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# Legal in JSON strings, but str.splitlines and some readers of lines split at them.
_LINE_BREAKS: Final = {"\u0085": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
# Nested dataclasses hold no times, so their attributes are their JSON.
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=vars)
_JSON_NAMES: Final = {str: "string", bool: "boolean", dict: "object", list: "array", NoneType: "null"}

Decoder = Callable[[Any, str], Any]


def format_time(us: int) -> str:
    """RFC 3339 in UTC with Z, with a fraction only where there is one; `us` is microseconds since the epoch."""
    return (_EPOCH + us * _MICROSECOND).isoformat().removesuffix("+00:00") + "Z"


def parse_time(text: str) -> int:
    """Microseconds since the epoch of what `format_time` gives. Raises ValueError."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"not a time as 2020-01-13T09:30:00Z: {text[:40]!r}")
    return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND


def encode_json(value: Any) -> str:
    """One line of JSON that encodes to UTF-8: lone surrogates, which no encoding has, become U+FFFD."""
    line = _ENCODER.encode(value)
    for char, escape in _LINE_BREAKS.items():
        if char in line:
            line = line.replace(char, escape)
    return replace_surrogates(line)


def replace_surrogates(text: str) -> str:
    """The text with U+FFFD for each lone surrogate, so that offsets into it stay right."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def decode_json(text: str | bytes) -> Any:
    """The value of a JSON text. Raises IngestError("bad_element")."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise IngestError("bad_element", f"not JSON: {error}"[:200]) from None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


@cache
def json_fields(cls: type) -> tuple[tuple[str, str, bool], ...]:
    """A dataclass's fields as (attribute, JSON key, is it a time): `published_us` is `published_at` in JSON."""
    return tuple(
        (spec.name, f"{spec.name[:-3]}_at" if spec.name.endswith("_us") else spec.name, spec.name.endswith("_us"))
        for spec in fields(cls)
    )


def to_json_object(element: Any) -> dict[str, Any]:
    """A dataclass instance as the dictionary that `encode_json` takes; nested ones are left as they are."""
    out = {}
    cls: Any = type(element)
    for name, key, is_time in json_fields(cls):
        value = getattr(element, name)
        out[key] = format_time(value) if is_time and value is not None else value
    return out


@cache
def make_decoder(kind: Any) -> Decoder:
    """A function (JSON value, path of the value) -> value of that type; it raises IngestError("bad_element").

    `kind` is a dataclass or what an element's field is annotated with. Unknown keys are ignored, as they may come from
    a later version.
    """
    if is_dataclass(kind):
        return _object_decoder(kind)
    if get_origin(kind) is Union:
        (inner,) = (make_decoder(arg) for arg in get_args(kind) if arg is not NoneType)
        return lambda value, path: None if value is None else inner(value, path)
    if get_origin(kind) is Sequence:
        return _array_decoder(make_decoder(get_args(kind)[0]))
    return _SCALARS[kind]


def _object_decoder(cls: Any) -> Decoder:
    hints = get_type_hints(cls)
    specs = [
        (name, key, _decode_time_or_null if is_time and hints[name] is not int else
         _decode_time if is_time else make_decoder(hints[name]), spec.default)
        for (name, key, is_time), spec in zip(json_fields(cls), fields(cls), strict=True)
        if hints[name] is not bytes  # bytes stay at their default: they are never written
    ]  # fmt: skip

    def decode(value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise _wrong("an object", value, path)
        values = {}
        for name, key, decoder, default in specs:
            if key in value:
                values[name] = decoder(value[key], f"{path}.{key}")
            elif default is MISSING:
                raise IngestError("bad_element", f"{path}.{key} is missing")
        return cls(**values)

    return decode


def _array_decoder(item: Decoder) -> Decoder:
    def decode(value: Any, path: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _wrong("an array", value, path)
        return tuple([item(each, f"{path}[{i}]") for i, each in enumerate(value)])

    return decode


def _wrong(expected: str, value: Any, path: str) -> IngestError:
    return IngestError("bad_element", f"{path} must be {expected}, not {_JSON_NAMES.get(type(value), 'this number')}")


def _decode_string(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise _wrong("a string", value, path)
    return replace_surrogates(value)


def _decode_boolean(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong("true or false", value, path)
    return value


def _decode_integer(value: Any, path: str) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise _wrong("a 64-bit integer", value, path)
    return value


def _decode_number(value: Any, path: str) -> float:
    if type(value) not in (int, float) or not abs(value) < 2**63 or not math.isfinite(value):
        raise _wrong("a finite number", value, path)
    return float(value)


def _decode_time(value: Any, path: str) -> int:
    try:
        return parse_time(_decode_string(value, path))
    except ValueError as error:
        raise IngestError("bad_element", f"{path}: {error}") from None


def _decode_time_or_null(value: Any, path: str) -> int | None:
    return None if value is None else _decode_time(value, path)


_SCALARS: Final[dict[Any, Decoder]] = {
    str: _decode_string,
    bool: _decode_boolean,
    int: _decode_integer,
    float: _decode_number,
}
