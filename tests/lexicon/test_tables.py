"""Every lexicon file and table is known, so that every one is checked before a run."""

import tomllib
from pathlib import Path

import transforms
from transforms.lexicons import TABLES, check_lexicons

FOLDER = Path(transforms.__file__).parent / "lexicon"


def test_every_file_and_table_is_listed():
    found = {path.name: set(tomllib.loads(path.read_text(encoding="utf-8"))) for path in FOLDER.glob("*.toml")}
    assert found == {file: set(tables) for file, tables in TABLES.items()}


def test_the_lexicons_are_sound():
    check_lexicons()
