"""What a finite verb's surroundings tell: that it is no cue, or that its content is another one than it seems."""

from __future__ import annotations

from transforms.arabic.clitics import ALEF, BEH, WAW
from transforms.arabic.normalize import fold_word
from transforms.arabic.statement_forms import PREPOSITIONS, Form
from transforms.arabic.statement_prepositions import Opener
from transforms.arabic.statement_reader import COMMAS, Reader
from transforms.arabic.statement_subjects import Subject
from transforms.arabic.statement_words import RESUMPTIVE, CueReading, Word

_INNA = "\u0625"  # what inna is written with, and anna is not


def relative_end(reader: Reader, at: int) -> int | None:
    """The comma that ends the relative clause a verb begins, where a comma stands before the clause too."""
    begin, limit = reader.sentence(at)
    relative = next((i for i in range(at - 1, max(begin, at - 4), -1) if "relative" in reader.words[i].groups), None)
    if relative is None or reader.tokens[relative - 1].text not in COMMAS:
        return None
    return next((i for i in range(at + 1, limit) if reader.tokens[i].text in COMMAS), None)


def verb_behind(reader: Reader, comma: int | None) -> int | None:
    """The comma, where the verb of the clause around follows it."""
    if comma is None or comma + 1 >= len(reader.words):
        return None
    following = reader.words[comma + 1]
    return comma if following.finite and not following.conjunction else None


def is_accused(reader: Reader, at: int, opener: Opener, form: Form) -> bool:
    """Whether a verb of accusing has no object: a passive, were accused of."""
    return opener.at == at + 1 and reader.words[opener.at].bi and form.kind == "past" and not form.suffix


def may_be_source(reader: Reader, antecedent: tuple[int, int] | None) -> bool:
    """Whether what a relative clause qualifies may be a source: a known noun, or a name."""
    if antecedent is None:
        return True
    words = reader.words[slice(*antecedent)]
    return any(w.kind for w in words) or not (words[-1].definite or words[-1].masdar)


def is_homograph(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether a bare perfect that is also a noun stands within a phrase: the rejection of any demand that ..."""
    form, word = reading.form, reader.words[at]
    if form.kind != "past" or form.suffix or reading.conjunction or at == 0:
        return False
    behind = at - 1 if reader.is_word(at - 1) or at == 1 else at - 2
    if not reader.is_word(at - 1) and not reader.words[behind].that:
        return False
    if (
        form.gender != "m"
        or form.number != "s"
        or not (word.masdar or "quantifier" in word.groups or fold_word(form.cue.masdar) == word.folded)
    ):
        return False
    following = reader.words[at + 1] if at + 1 < len(reader.words) else word
    if "quantifier" in word.groups and "demonstrative" in following.groups:
        return True  # the most prominent of what
    before = reader.words[behind]
    if before.that_bare and (before.bi or reader.tokens[behind].text[0] == _INNA):
        return True  # a noun follows
    opens = before.groups & {"auxiliary", "clause", "cut", "time", "elided", "relative", "adjunct", "aside"}
    return not (opens or before.that or before.and_that or before.folded in RESUMPTIVE)


def describes(reader: Reader, at: int, reading: CueReading) -> bool:
    """Whether an imperfect right behind a noun that is no source describes it: a report that confirms X."""
    if reading.form.kind != "present" or reading.conjunction or at == 0 or not reader.is_word(at - 1):
        return False
    before = reader.words[at - 1]
    return not (
        before.groups - {"demonstrative"} or before.that or before.and_that or before.attribution or before.pronominal
    )


def is_owned(reader: Reader, at: int) -> bool:
    """Whether a verbal noun with a pronoun stands at a token: denied his knowledge."""
    if at >= len(reader.words):
        return False
    word = reader.words[at]
    return word.masdar and word.pronominal and not (word.bi or word.li or word.kind)


def runs_on(reader: Reader, at: int, opener: Opener) -> bool:
    """Whether a quotation goes on with the noun before it: urged the party "and all others to stop"."""
    following = reader.words[opener.at + 1]
    joined = following.folded.startswith(WAW) and (following.conjunction or bool(following.groups))
    return joined and opener.at > at + 1 and opener.content == opener.at and reader.is_word(opener.at - 1)


def is_governed(reader: Reader, opener: Opener) -> bool:
    """Whether a preposition of the frame stands before the clause or quotation that opens the content."""
    return opener.content > opener.at + 1 or reader.words[opener.at].bi or not reader.words[opener.at].that


def is_verbal(word: Word) -> bool:
    return word.finite or "auxiliary" in word.groups


def plain_before(reader: Reader, at: int, before: Subject) -> bool:
    """Whether a word stands right before that is neither the subject nor a particle, as before a preposition."""
    if at == 0 or before.mode == "pre":
        return False
    word = reader.words[at - 1]
    return bool(word.folded) and not word.groups


def is_taken_up(reader: Reader, at: int, frames: tuple[str, ...]) -> bool:
    """Whether a preposition of the cue's frame with a pronoun takes up a relative pronoun: which he called for."""
    if at >= len(reader.words) or reader.words[at].folded not in RESUMPTIVE:
        return False
    folded = reader.words[at].folded
    return any(folded.startswith(BEH if f == "bi" else PREPOSITIONS.get(f, "\0")) for f in frames)


def is_resumed(reader: Reader, at: int) -> bool:
    """Whether a preposition with a pronoun follows, which takes up a relative pronoun: the subject comes after it."""
    return at < len(reader.words) and reader.words[at].folded in RESUMPTIVE


def is_impersonal(reader: Reader, at: int, reading: CueReading) -> bool:
    """`it is said that`: an imperfect at the head of its sentence with no subject behind it."""
    if reading.form.number != "s" or (reading.conjunction and not reading.form.cue.impersonal):
        return False
    if at + 1 >= len(reader.words):
        return True
    following = reader.words[at + 1]
    head = reader.sentence(at)[0]
    first = all(not reader.is_word(i) for i in range(head, at))
    return following.that or (first and "preposition" in following.groups)


def is_predicate(reader: Reader, at: int) -> bool:
    """Whether an indefinite accusative stands at a token: what something is considered."""
    if at >= len(reader.words):
        return False
    word = reader.words[at]
    plain = not (word.definite or word.kind or word.groups or word.that or word.masdar or word.bi or word.li)
    return plain and len(word.folded) > 3 and word.folded.endswith(ALEF)
