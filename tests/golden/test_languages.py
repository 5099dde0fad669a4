"""Arabic is recognised, and its neighbours in Arabic script are not taken for it."""

from pathlib import Path

from transforms.arabic.language import detect_language

OTHERS = {"fa", "ur", "ckb", "bal", "brh", "glk", "hac", "ks", "ug"}


def test_languages(shared: Path) -> None:
    lines = (shared / "corpus" / "languages.tsv").read_text(encoding="utf-8").splitlines()
    rows = [(code, detect_language(text)[0]) for code, text in (line.split("\t", 1) for line in lines)]
    arabic = [found for code, found in rows if code == "ar"]
    others = [found for code, found in rows if code in OTHERS]
    assert len(others) > 1000
    assert arabic.count("ar") / len(arabic) >= 0.99
    assert others.count("ar") / len(others) <= 0.005
