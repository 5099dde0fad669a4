"""How rows are held in the engine's state: as JSON, so that a later version can read what an earlier one wrote."""

from __future__ import annotations

import json
from typing import Any

from apache_beam.coders import Coder


class RowCoder(Coder):  # type: ignore[misc] # Beam is untyped
    """Encodes a flat dataclass of JSON values; fields that a row lacks take their defaults."""

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def encode(self, value: Any) -> bytes:
        return json.dumps(vars(value), separators=(",", ":")).encode()

    def decode(self, encoded: bytes) -> Any:
        return self._cls(**json.loads(encoded))

    def is_deterministic(self) -> bool:
        return True

    def to_type_hint(self) -> type:
        return self._cls

    def __reduce__(self) -> tuple[object, ...]:
        return RowCoder, (self._cls,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RowCoder) and other._cls is self._cls

    def __hash__(self) -> int:
        return hash((RowCoder, self._cls))
