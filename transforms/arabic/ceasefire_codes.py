"""The event codes of an act: CAMEO's, finer where the governing word tells more, and PLOVER's event with its mode."""

from __future__ import annotations

from typing import Final

_PLAIN: Final = {
    "declare": ("0871", "RETREAT, ceasefire"),
    "agree": ("0356", "AGREE"),
    "negotiate": ("046", "CONSULT"),
    "call": ("0256", "REQUEST, yield"),
    "refuse": ("1246", "REJECT, yield"),
    "violate": ("196", "ASSAULT"),
    "hold": ("0871", "RETREAT, ceasefire"),
    "end": ("196", "ASSAULT"),
}
_FINER: Final = {
    ("agree", "signed"): "057",
    ("negotiate", "mediated"): "045",
    ("call", "demanded"): "1056",
    ("violate", "accused"): "1123",
    ("hold", "monitored"): "074",
}


def event_codes(act: str, variant: str) -> tuple[str | None, str | None]:
    """(CAMEO, PLOVER) of an act; (None, None) of a mere mention."""
    if act not in _PLAIN:
        return None, None
    cameo, plover = _PLAIN[act]
    return _FINER.get((act, variant), cameo), plover
