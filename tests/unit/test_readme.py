"""README.md says what the definitions say."""

import json
import re
from pathlib import Path

import pytest
from readme_tables import fill, sections

from transforms.record_format import validate_record

README = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")


def test_every_generated_part_is_up_to_date() -> None:
    assert fill(README) == README, "run python tests/readme_tables.py"


def test_a_missing_marker_is_named() -> None:
    with pytest.raises(ValueError, match="record-fields"):
        fill(README.replace("<!-- record-fields -->", ""))


def test_the_example_is_a_valid_record_with_both_kinds_of_tags() -> None:
    [text] = re.findall(r"```json\n(.*?)\n```", sections()["example-record"], re.DOTALL)
    record = json.loads(text)
    assert validate_record(record) == []
    assert [s["cue"]["text"] for s in record["statements"] if s["field"] == "body"][:1] == ["قال"]
    assert {m["act"] for m in record["ceasefire_mentions"]} == {"refuse"}


def test_every_make_target_it_names_exists() -> None:
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make ([a-z-]+)", README))
    assert {"run", "test"} <= named
    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
