"""README.md says what the definitions say."""

from pathlib import Path

from readme_tables import schema_table

README = Path(__file__).resolve().parents[2] / "README.md"


def test_readme_lists_the_fields_of_the_schema() -> None:
    text = README.read_text(encoding="utf-8")
    _, opened, rest = text.partition("<!-- record-fields -->")
    table, closed, _ = rest.partition("<!-- /record-fields -->")
    assert opened, "README.md lacks the marker <!-- record-fields -->"
    assert closed, "README.md lacks the marker <!-- /record-fields -->"
    assert table.strip() == schema_table(), "paste what `python tests/readme_tables.py` prints between the markers"
