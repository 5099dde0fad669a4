"""An engine's state and timers for one key, so that a test decides when time passes and what is forgotten."""

from apache_beam.pvalue import TaggedOutput

from transforms.steps import DEAD_LETTERS, TALLIES


class Cell:
    """A ReadModifyWriteState, whose value goes through the state's coder as on an engine."""

    def __init__(self, spec):
        self._coder, self._encoded = spec.coder, None

    def read(self):
        return None if self._encoded is None else self._coder.decode(self._encoded)

    def write(self, value):
        self._encoded = self._coder.encode(value)

    def clear(self):
        self._encoded = None


class Bag:
    """A BagState."""

    def __init__(self, spec):
        self._coder, self._encoded = spec.coder, []

    def read(self):
        return [self._coder.decode(encoded) for encoded in self._encoded]

    def add(self, value):
        self._encoded.append(self._coder.encode(value))

    def clear(self):
        self._encoded = []


class Timer:
    """`at` is when it is to ring, None where it is not set."""

    at = None

    def set(self, at):
        self.at = at

    def clear(self):
        self.at = None


def split(outputs):
    """The main outputs and the dead letters of a stage."""
    outputs = list(outputs or ())
    main = [each for each in outputs if not isinstance(each, TaggedOutput)]
    return main, [each.value for each in outputs if isinstance(each, TaggedOutput) and each.tag == DEAD_LETTERS]


def counts(step):
    """What a stage has counted since the last call, by outcome."""
    found = {}
    for output in step.finish_bundle():
        assert output.tag == TALLIES
        tally = output.value.value
        key = tally.outcome if tally.stage == step.stage else f"{tally.stage}.{tally.outcome}"
        found[key] = found.get(key, 0) + tally.count
    return found
