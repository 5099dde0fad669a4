"""One coder for every element: Beam's row encoding, with the class kept.

A plain RowCoder is shipped to workers as a schema and decodes there to a generated type. This coder is shipped as the
element's class, and delegates the bytes to the RowCoder that the worker makes for it.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from apache_beam.coders import Coder, RowCoder, registry
from apache_beam.typehints.schemas import typing_to_runner_api

from transforms import elements

ELEMENTS: tuple[type, ...] = tuple(
    value for value in vars(elements).values() if isinstance(value, type) and dataclasses.is_dataclass(value)
)


class ElementCoder(Coder):  # type: ignore[misc] # Beam is untyped
    """Encodes the elements of one class; deterministic, since every field is a scalar, a sequence or such a class."""

    def __init__(self, cls: type) -> None:
        self._cls = cls
        self._row = RowCoder(_SCHEMAS[cls])

    def encode(self, value: Any) -> bytes:
        return self._row.encode(value)  # type: ignore[no-any-return]

    def decode(self, encoded: bytes) -> Any:
        return self._row.decode(encoded)

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> type:
        return self._cls

    @classmethod
    def from_type_hint(cls, typehint: type, _registry: object) -> ElementCoder:
        return cls(typehint)

    def __reduce__(self) -> tuple[object, ...]:
        return ElementCoder, (self._cls,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ElementCoder) and other._cls is self._cls

    def __hash__(self) -> int:
        return hash((ElementCoder, self._cls))


for _element in ELEMENTS:
    registry.register_row(_element)
# Taken while the registered coder is still RowCoder: Beam derives the schemas of nested classes only then.
_SCHEMAS = {element: typing_to_runner_api(element).row_type.schema for element in ELEMENTS}
for _element in ELEMENTS:
    registry.register_coder(_element, ElementCoder)
