"""The governing act: which word around a term says what is done to the ceasefire.

From the term outwards: nouns and participles may be governed by further words, a finite verb ends its clause. Among
the governors found, the nearest decides, unless an operator (a call, a refusal, talks) governs it. Where nothing
before the term decides, what is said of the term behind it does: a relative clause, an adjective, a predicate.
"""

from __future__ import annotations

from transforms.arabic.ceasefire_before import search_before
from transforms.arabic.ceasefire_behind import search_behind
from transforms.arabic.ceasefire_clause import Clause, Governance, Governor


def find_governance(clause: Clause, index: int) -> Governance:
    """What governs the term `clause.terms[index]`."""
    found = search_before(clause, index)
    firm = bool(found.passed)
    if not firm and (found.decider is None or found.decider.entry.kind in ("weak", "name") or _is_time(found.decider)):
        behind = None if found.decider and found.decider.entry.kind == "name" else search_behind(clause, index)
        if behind is not None:
            found.decider, found.sibling, found.act = behind, None, behind.entry.act
            found.variant = behind.entry.variant
    return found


def _is_time(governor: Governor) -> bool:
    return governor.entry.id == "mention.time"
