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

FLOORS = json.loads(Path(__file__).with_name("floors.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FLOORS)
def test_figures_reach_their_floors(shared, name):
    result, errors = measure.measure(shared, name, errors=400)
    fallen = {
        key: f"{measure.figure(result, key):.4f} < {floor}"
        for key, floor in FLOORS[name].items()
        if measure.figure(result, key) < floor
    }
    listed = "\n".join(measure.describe(error) for error in errors)
    assert not fallen, f"{name}: {fallen}\nall errors of the set:\n{listed}"
