"""MarkDuplicates: Record -> Record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

import apache_beam as beam
from apache_beam.coders import BytesCoder
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import BagStateSpec, ReadModifyWriteStateSpec, TimerSpec, on_timer

from transforms import metrics
from transforms.coders import ElementCoder
from transforms.elements import BandAnswer, FoundText, Record, SignedText, StampedText, TextRef
from transforms.near_duplicates import BANDS, bands_of, choose_among_earlier
from transforms.steps import Outcomes, StepFn, now_us

# A text that was stamped earlier may come later by as much as a bundle lasts (Flink: 1 s).
SETTLE_US: Final = 3_000_000
# Half of them the oldest, among them the original of a text that many print; the others the newest.
MOST_A_BAND: Final = 32
# What goes between the steps: one byte says which, the step that it goes to is in _GOES_TO.
_REF, _TEXT, _ASK, _RECORD, _ANSWER, _FOUND = range(6)
_CODERS: Final = tuple(ElementCoder(c) for c in (TextRef, StampedText, TextRef, Record, BandAnswer, FoundText))
_GOES_TO: Final = ("Band", "Text", "Text", "Record", "Record", "Record")
_Keyed = tuple[str, bytes]


class MarkDuplicates(beam.PTransform):  # type: ignore[misc] # Beam is untyped
    """MarkDuplicates: Record -> Record.

    Gives `duplicate_of` to each record whose text is nearly that of one that came before it, within `window_us`
    microseconds. The order is that of a stamp made here, so that two records never name one another, whatever order
    they come in later; a text is compared SETTLE_US after it came. Unbounded; order not kept. The engine's state holds
    a signature a record and 16 references, for `window_us`. Counters: in, out; as remember_texts in and
    dropped_over_cap, the references that gave way to newer ones (MOST_A_BAND; the older half stays).
    """

    def __init__(self, *, window_us: int, outcomes: Outcomes) -> None:
        super().__init__()
        self._window_us, self._outcomes = window_us, outcomes

    def expand(self, records: Any) -> Any:
        given = self._outcomes.run_step(records, "GiveOut", _GiveOutFn(), _Keyed)
        refs, texts, held = (given | f"Give{to}" >> _only(to) for to in ("Band", "Text", "Record"))
        answers = self._outcomes.run_step(refs, "FindCandidates", _FindCandidatesFn(self._window_us), _Keyed)
        asks, answered = (answers | f"Ask{to}" >> _only(to) for to in ("Text", "Record"))
        asked = (texts, asks) | "TextsAndAsks" >> beam.Flatten()
        found = asked | "FindTexts" >> beam.ParDo(_FindTextFn(self._window_us)).with_output_types(_Keyed)
        parts = (held, answered, found) | "Parts" >> beam.Flatten()
        return self._outcomes.run_step(parts, "ChooseOriginal", _ChooseOriginalFn(self._window_us), Record)


def _only(step: str) -> Any:
    return beam.Filter(_goes_to, step).with_output_types(_Keyed)


def _goes_to(keyed: _Keyed, step: str) -> bool:
    return _GOES_TO[keyed[1][0]] == step


def encode(key: str, kind: int, element: Any) -> _Keyed:
    """An element on its way to the next step."""
    return key, bytes([kind]) + _CODERS[kind].encode(element)


def _decode(encoded: bytes) -> tuple[int, Any]:
    return encoded[0], _CODERS[encoded[0]].decode(encoded[1:])


def _order(ref: TextRef) -> tuple[int, str]:
    return ref.stamp_us, ref.record_id


class _GiveOutFn(StepFn):
    stage = metrics.MARK_DUPLICATES

    def process(self, record: Record) -> Iterator[_Keyed]:
        self.count(record.feed_url, metrics.IN)
        yield encode(record.record_id, _RECORD, record)
        if record.text_signature:
            stamp = now_us()
            time_us = record.fetched_us if record.published_us is None else record.published_us
            text = SignedText(record.record_id, record.revision, time_us, record.fetched_us, record.text_signature)
            yield encode(record.record_id, _TEXT, StampedText(stamp, text))
            ref = TextRef(record.record_id, record.revision, stamp)
            for band, key in enumerate(bands_of(record.text_signature).tolist()):
                yield encode(f"{band}/{key:x}", _REF, ref)


class _FindCandidatesFn(StepFn):
    """By band: which texts that have been there came before one, once it has been there for SETTLE_US."""

    stage = metrics.REMEMBER_TEXTS
    # Those that wait have no cell of their own: each read of one is a round trip to the engine, 16 times a record.
    _TEXTS = BagStateSpec("texts", ElementCoder(TextRef))
    _SETTLED = TimerSpec("settled", TimeDomain.REAL_TIME)
    _AGE = TimerSpec("age", TimeDomain.REAL_TIME)
    _END = TimerSpec("end", TimeDomain.WATERMARK)

    def __init__(self, window_us: int) -> None:
        self._window_us = window_us

    def process(
        self,
        keyed: _Keyed,
        window: Any = beam.DoFn.WindowParam,
        texts: Any = beam.DoFn.StateParam(_TEXTS),
        settled: Any = beam.DoFn.TimerParam(_SETTLED),
        age: Any = beam.DoFn.TimerParam(_AGE),
        end: Any = beam.DoFn.TimerParam(_END),
    ) -> None:
        ref = _decode(keyed[1])[1]
        known = list(texts.read())
        if not known:
            age.set((ref.stamp_us + self._window_us) / 1e6)
        if not any(each.waiting for each in known):
            settled.set((now_us() + SETTLE_US) / 1e6)
            end.set(window.max_timestamp())
        texts.add(replace(ref, waiting=True))

    @on_timer(_SETTLED)
    def answer_settled(
        self,
        texts: Any = beam.DoFn.StateParam(_TEXTS),
        settled: Any = beam.DoFn.TimerParam(_SETTLED),
        end: Any = beam.DoFn.TimerParam(_END),
    ) -> Iterator[_Keyed]:
        # By the stamp: one that has come since the timer was set waits for its own time.
        yield from self._answer(texts, now_us() - SETTLE_US)
        left = [ref.stamp_us for ref in texts.read() if ref.waiting]
        if left:
            settled.set((min(left) + SETTLE_US) / 1e6)
        else:
            end.clear()

    @on_timer(_END)
    def answer_at_end(self, texts: Any = beam.DoFn.StateParam(_TEXTS)) -> Iterator[_Keyed]:
        yield from self._answer(texts, None)

    def _answer(self, texts: Any, until_us: int | None) -> Iterator[_Keyed]:
        """What came before each text stamped by `until_us`; of a band's texts the middle ones are forgotten."""
        known = sorted(texts.read(), key=_order)
        ripe = [ref for ref in known if ref.waiting and (until_us is None or ref.stamp_us <= until_us)]
        compared = _without_middle(known)
        told, kept = set(ripe), set(compared)
        done = ((ref, replace(ref, waiting=False) if ref in told else ref) for ref in known)
        left = [ref for before, ref in done if before in kept or ref.waiting]
        for _ in range(len(known) - len(left)):
            self.count("", metrics.IN)
            self.drop("", "over_cap")
        _write(texts, left)
        yield from _answers(ripe, compared)

    @on_timer(_AGE)
    def forget(self, texts: Any = beam.DoFn.StateParam(_TEXTS), age: Any = beam.DoFn.TimerParam(_AGE)) -> None:
        now = now_us()
        left = [ref for ref in texts.read() if ref.waiting or ref.stamp_us + self._window_us > now]
        _write(texts, left)
        if left:
            age.set(max(min(ref.stamp_us for ref in left) + self._window_us, now + SETTLE_US) / 1e6)


def _without_middle(ordered: list[TextRef]) -> list[TextRef]:
    over = len(ordered) - MOST_A_BAND
    return ordered[: MOST_A_BAND // 2] + ordered[MOST_A_BAND // 2 + over :] if over > 0 else ordered


def _write(bag: Any, elements: Iterable[Any]) -> None:
    bag.clear()
    for element in elements:
        bag.add(element)


def _answers(refs: Iterable[TextRef], known: Iterable[TextRef]) -> Iterator[_Keyed]:
    for ref in refs:
        earlier = {each.record_id for each in known if _order(each) < _order(ref)} - {ref.record_id}
        yield encode(ref.record_id, _ANSWER, BandAnswer(ref.revision, tuple(sorted(earlier))))
        for record_id in sorted(earlier):
            yield encode(record_id, _ASK, ref)


class _FindTextFn(beam.DoFn):  # type: ignore[misc] # Beam is untyped
    """By record: the text of its last revision and the stamp of its first, which is its place in the order."""

    _TEXT = ReadModifyWriteStateSpec("text", ElementCoder(StampedText))
    _AGE = TimerSpec("age", TimeDomain.REAL_TIME)

    def __init__(self, window_us: int) -> None:
        self._window_us = window_us

    def process(
        self,
        keyed: _Keyed,
        text: Any = beam.DoFn.StateParam(_TEXT),
        age: Any = beam.DoFn.TimerParam(_AGE),
    ) -> Iterator[_Keyed]:
        kind, element = _decode(keyed[1])
        known = text.read()
        if kind == _ASK:
            found = known or StampedText(0, SignedText(keyed[0], 0, 0, 0, b""))
            yield encode(element.record_id, _FOUND, FoundText(element.revision, found))
            return
        found = element if known is None else replace(element, stamp_us=known.stamp_us)
        text.write(found)
        age.set((now_us() + self._window_us) / 1e6)
        yield encode(keyed[0], _FOUND, FoundText(found.text.revision, found))

    @on_timer(_AGE)
    def forget(self, text: Any = beam.DoFn.StateParam(_TEXT), age: Any = beam.DoFn.TimerParam(_AGE)) -> None:
        known = text.read()
        if known is None or not known.text.signature:
            text.clear()
            return
        # Its place in the order is kept as long as those may come up that were compared with it.
        text.write(replace(known, text=replace(known.text, signature=b"")))
        age.set((now_us() + self._window_us) / 1e6)


class _ChooseOriginalFn(StepFn):
    """By record: holds it until all bands have answered and all candidates' texts have come."""

    stage = metrics.MARK_DUPLICATES
    _PARTS = BagStateSpec("parts", BytesCoder())
    # Written where the record was given on as an original: others may name it.
    _ORIGINAL = ReadModifyWriteStateSpec("original", BytesCoder())
    _AGE = TimerSpec("age", TimeDomain.REAL_TIME)

    def __init__(self, window_us: int) -> None:
        self._window_us = window_us

    def process(
        self,
        keyed: _Keyed,
        parts: Any = beam.DoFn.StateParam(_PARTS),
        original: Any = beam.DoFn.StateParam(_ORIGINAL),
        age: Any = beam.DoFn.TimerParam(_AGE),
    ) -> Iterator[Record]:
        held, new = list(parts.read()), keyed[1]
        answers = sum(part[0] == _ANSWER for part in (*held, new))
        if new[0] != _RECORD and answers < BANDS:  # without decoding the record again for each answer
            parts.add(new)
            return
        decoded = [(part, *_decode(part)) for part in (*held, new)]
        revision = decoded[-1][2].revision
        mine = [(kind, element) for _, kind, element in decoded if element.revision == revision]
        record = complete_record(mine)
        if record is None:
            parts.add(new)
            return
        _write(parts, [part for part, _, element in decoded if element.revision != revision])
        duplicate_of = None
        if record.text_signature and original.read() is None:
            duplicate_of = original_among(record.record_id, mine, self._window_us)
        if record.text_signature and duplicate_of is None:
            original.write(b"1")
            age.set((now_us() + 2 * self._window_us) / 1e6)  # those that name it are compared with as long
        self.count(record.feed_url, metrics.OUT)
        yield replace(record, duplicate_of=duplicate_of, text_signature=b"")

    @on_timer(_AGE)
    def forget(self, original: Any = beam.DoFn.StateParam(_ORIGINAL)) -> None:
        original.clear()


def complete_record(parts: Iterable[tuple[int, Any]]) -> Record | None:
    """The record among the parts of one revision, once all have come: those of each band, and each text as often as a
    band named it."""
    record: Record | None = None
    answers, missing = 0, 1
    for kind, part in parts:
        if kind == _RECORD:
            record = part
        elif kind == _ANSWER:
            answers += 1
            missing += len(part.candidates)
        else:
            missing -= 1
    if record is None or (record.text_signature and (answers < BANDS or missing)):
        return None
    return record


def original_among(record_id: str, parts: Iterable[tuple[int, Any]], window_us: int) -> str | None:
    """The record_id of the original, by all parts of one revision; None where there is none."""
    texts = {part.found.text.record_id: part.found for kind, part in parts if kind == _FOUND}
    mine = texts.pop(record_id)
    known = [each for each in texts.values() if each.text.signature and _place(each) < _place(mine)]
    earlier = [each.text for each in sorted(known, key=_place)]
    return choose_among_earlier(mine.text, earlier, window_us).original or None


def _place(each: StampedText) -> tuple[int, str]:
    return each.stamp_us, each.text.record_id
