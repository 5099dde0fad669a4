"""Every lexicon file, its tables and their entries: checked before a run starts. No Beam."""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

from transforms.arabic.ceasefire_grammar import WordsEntry
from transforms.arabic.ceasefire_lexicon import ActEntry, ConditionEntry, NegatorEntry
from transforms.arabic.ceasefire_senses import ArmedEntry, FigurativeEntry, TermEntry
from transforms.arabic.lexicon import Entry, load_lexicon
from transforms.arabic.particles import Particle
from transforms.arabic.places import Place
from transforms.arabic.statement_forms import Cue
from transforms.arabic.statement_headlines import SameSource
from transforms.arabic.statement_vocabulary import Attribution, SourceNouns, WordGroup
from transforms.errors import InputError
from transforms.web.dates import HalfDay, Month
from transforms.web.page_blocks import RightsNotice
from transforms.web.page_metadata import UpdateMark

TABLES: Final[dict[str, dict[str, type[Entry]]]] = {
    "attributions.toml": {"attribution": Attribution},
    "ceasefire_acts.toml": {"act": ActEntry},
    "ceasefire_grammar.toml": {"words": WordsEntry},
    "ceasefire_terms.toml": {"term": TermEntry, "figurative": FigurativeEntry, "armed": ArmedEntry},
    "conditions.toml": {"condition": ConditionEntry},
    "cues.toml": {"cue": Cue},
    "dates.toml": {"month": Month, "half_day": HalfDay, "update_mark": UpdateMark},
    "negation.toml": {"negator": NegatorEntry},
    "pages.toml": {"rights": RightsNotice},
    "nouns.toml": {"nouns": SourceNouns},
    "particles.toml": {"particle": Particle},
    "places.toml": {"place": Place},
    "synonyms.toml": {"same": SameSource},
    "words.toml": {"words": WordGroup},
}
_HEADER: Final = re.compile(r"^\s*\[\[?\s*([^\]\s]+)\s*\]", re.MULTILINE)


def check_lexicons() -> None:
    """Reads every lexicon. Raises InputError naming file, line and fault of the first that is wrong."""
    folder = files("transforms") / "lexicon"
    for file, tables in TABLES.items():
        for table, entry_type in tables.items():
            load_lexicon(file, table, entry_type)  # type: ignore[arg-type] # typeshed: a class is no Hashable of its own
        _check_headers(folder / file, tables)


def _check_headers(path: Traversable, tables: dict[str, type[Entry]]) -> None:
    text = path.read_text(encoding="utf-8")
    for header in _HEADER.finditer(text):
        if header[1] not in tables:
            known = " or ".join(f"[[{table}]]" for table in tables)
            line = text.count("\n", 0, header.start(1)) + 1
            raise InputError(f"unknown table {header[1]!r}; this file holds {known}", file=str(path), line=line)
