"""Floors for the tagger's figures. They only rise: raise a floor when a figure rises, never lower one."""

import importlib.util
import json
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("measure", Path(__file__).with_name("measure.py"))
assert _SPEC
assert _SPEC.loader
measure = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(measure)

KNOWN = json.loads(measure.KNOWN.read_text(encoding="utf-8"))
FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FLOORS)
def test_figures_reach_their_floors(shared, name):
    result, errors = measure.measure(shared, name, errors=measure.ALL)
    fallen = {
        key: f"{measure.figure(result, key):.4f} < {floor}"
        for key, floor in FLOORS[name].items()
        if measure.figure(result, key) < floor
    }
    new = [measure.describe(error) for error in errors if measure.signature(error) not in KNOWN[name]]
    assert not fallen, f"{name}: {fallen}\nerrors that are new:\n" + "\n".join(new)
