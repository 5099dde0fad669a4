"""A statement in the making, and the words of its speaker's name."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.arabic.clitics import ALEF, ARTICLE, HAMZA, WAW
from transforms.arabic.inflection import NOON, YEH
from transforms.arabic.statement_reader import Reader

_PLURALS = (WAW + NOON, YEH + NOON, ALEF + HAMZA)


@dataclass(slots=True)
class Draft:
    """A statement in the making: token ranges in one field, and what agreement asks of its speaker."""

    reader: Reader
    cue: tuple[int, int] | None
    speaker: tuple[int, int] | None
    content: tuple[int, int]
    opener: str
    rule: str
    cue_class: str | None
    kind: str  # of the cue: past, present, participle, masdar, attribution, colon
    gender: str = ""
    number: str = ""
    mode: str = ""
    conjunction: bool = False
    antecedent: tuple[int, int] | None = None
    describes: bool = False  # the cue says what something is: described as
    continues: bool = False  # the cue goes on with what was said before: added
    parent: int | None = None
    ref: str | None = None
    ref_words: frozenset[str] = field(default_factory=frozenset)
    ref_gender: str = ""
    speaker_kind: str | None = None
    quote: str = ""

    def text(self, span: tuple[int, int]) -> str:
        tokens = self.reader.tokens
        return self.reader.text[tokens[span[0]].start : tokens[span[1] - 1].end]

    def sentence(self) -> int:
        at = self.cue[0] if self.cue else self.content[0]
        return self.reader.sentence_of[at]

    def is_plural(self) -> bool:
        """Whether the speaker is a plural by its shape: sound, or of the pattern of poets and prophets; or some."""
        if self.speaker is None:
            return False
        word = self.reader.words[self.speaker[0]]
        construct = word.kind in ("role", "anonymous") and word.folded.endswith(WAW)
        return construct or bool(word.groups & {"partitive", "quantifier"}) or word.folded.endswith(_PLURALS)

    def is_people(self) -> bool:
        """Whether the speaker is a sound plural of people, which no verb behind it stands in the singular for."""
        if self.speaker is None or self.speaker_kind == "organisation":
            return False
        word = self.reader.words[self.speaker[0]]
        return word.kind in ("role", "anonymous") and word.folded.endswith(WAW + NOON)

    def position(self) -> int:
        return self.cue[0] if self.cue else self.content[0]


def name_words(reader: Reader, span: tuple[int, int]) -> frozenset[str]:
    """The words of a name, bare of article and conjunction."""
    out = set()
    for i in range(*span):
        if reader.is_word(i):
            out.add(bare(reader.tokens[i].folded))
    return frozenset(out)


def bare(folded: str) -> str:
    return folded.removeprefix(ARTICLE) if len(folded) > 4 else folded


def kind_of(reader: Reader, span: tuple[int, int]) -> str | None:
    """The kind of speaker that a name's first known noun tells; a person where none is known."""
    for i in range(span[0], min(span[1], span[0] + 3)):
        kind = reader.words[i].kind
        if kind:
            return "organisation" if kind == "place" else kind
    return "person"


def agrees(source: Draft, draft: Draft) -> bool:
    if draft.number == "p" and draft.gender == "m" and draft.kind in ("past", "present") and source.number == "s":
        return source.speaker_kind == "anonymous" or source.is_plural()
    if (
        draft.number == "p"
        and draft.gender == "m"
        and draft.kind == "participle"
        and source.speaker_kind == "anonymous"
    ):
        return True
    if draft.number == "s" and draft.kind in ("past", "present", "participle") and source.is_people():
        return False
    if draft.gender and source.ref_gender:
        return draft.gender == source.ref_gender
    return True
