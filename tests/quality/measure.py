"""Prints the tagger's figures against the gold: seed, dev, the parts of dev, and the ceasefire set.

    python tests/quality/measure.py [SHARED] [--errors N] [--set NAME] [--floors]

Every third article of dev (the third, sixth, ...) is held out: rules are written without looking at it.
"""

import argparse
import dataclasses
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

from transforms.arabic.tagger import tag_text

ROOT = Path(__file__).resolve().parents[2]


def load_score(shared: Path) -> ModuleType:
    """score.py of the shared material, as a module."""
    spec = importlib.util.spec_from_file_location("score", shared / "tagging" / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_set(shared: Path, name: str) -> list[dict[str, Any]]:
    """The gold of a set, one of SETS."""
    if name.startswith("corpus-"):
        return read_annotations(shared, name)
    file = name.split("-")[0]
    path = shared / "tagging" / "gold" / f"{file}.jsonl"
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if name == "dev-tuned":
        return [article for i, article in enumerate(gold) if i % 3 != 2]
    if name == "dev-held-out":
        return gold[2::3]
    return gold


def read_annotations(shared: Path, name: str) -> list[dict[str, Any]]:
    """Our own annotations of corpus articles: corpus-statements-a to -v, corpus-ceasefire-a to -e."""
    kind, lot = name.split("-")[1:]
    with (shared / "corpus" / "articles.jsonl").open(encoding="utf-8") as lines:
        articles = {article["id"]: article for article in map(json.loads, lines)}
    annotated = json.loads(Path(__file__).with_name("annotations.json").read_text(encoding="utf-8"))
    rows = annotated["statements" if kind == "statements" else "ceasefire_mentions"]
    return [
        _with_text(row, articles[row["id"]], number) for number, row in enumerate(rows) if row["lot"].lower() == lot
    ]


def _with_text(row: dict[str, Any], article: dict[str, Any], number: int) -> dict[str, Any]:
    texts = {"title": article["title"], "body": article["body"]}
    if "paragraph" in row:
        texts = {"title": "", "body": article["body"][slice(*row["paragraph"])]}

    def span(field: str, place: list[int] | None) -> dict[str, Any] | None:
        return place and {"start": place[0], "end": place[1], "text": texts[field][slice(*place)]}

    statements = [
        {
            **tag,
            **{key: span(tag["field"], tag[key]) for key in ("cue", "speaker", "content")},
            "speaker_ref": tag["speaker_ref"] and texts[tag["speaker_ref"][0]][slice(*tag["speaker_ref"][1:])],
        }
        for tag in row.get("statements", ())
    ]
    mentions = [
        {**tag, "field": "body", "term": span("body", tag["term"]), "actor": span("body", tag["actor"])}
        for tag in row.get("ceasefire_mentions", ())
    ]
    return {"id": f"{row['id']} {number}", **texts, "statements": statements, "ceasefire_mentions": mentions}


def measure(shared: Path, name: str, errors: int = 0) -> tuple[dict[str, Any], list[Any]]:
    """score.py's figures for a set, and its first errors."""
    gold = read_set(shared, name)
    predicted = {}
    for article in gold:
        tags = tag_text(article["title"], article["body"])
        predicted[article["id"]] = {
            "statements": [dataclasses.asdict(s) for s in tags.statements],
            "ceasefire_mentions": [dataclasses.asdict(m) for m in tags.ceasefire_mentions],
        }
    return load_score(shared).score(gold, predicted, errors)


FIGURES = (
    "statements",
    "statements_with_speaker",
    "speaker_ref_accuracy",
    "quote_accuracy",
    "ceasefire_mentions",
    "ceasefire_with_act",
    "act_macro_f1",
    "actor_accuracy",
    "negated",
    "conditional",
)
STATEMENT_FIGURES = FIGURES[:4]
CORPUS_SETS = (
    *(f"corpus-statements-{lot}" for lot in "abcdefghijklmnopqrstuv"),
    *(f"corpus-ceasefire-{lot}" for lot in "abcde"),
)
SETS = ("seed", "dev", "dev-tuned", "dev-held-out", "ceasefire", *CORPUS_SETS)


def figures_of(name: str) -> tuple[str, ...]:
    """The figures that a set is annotated for."""
    if "ceasefire" in name:
        return FIGURES[4:]
    return STATEMENT_FIGURES if "statements" in name else FIGURES


def figure(result: dict[str, Any], key: str) -> float:
    value = result[key]
    return float(value["f1"] if isinstance(value, dict) else value)


def describe(error: tuple[str, str, Any, Any]) -> str:
    """An error of score.py on a few lines."""
    article, what, gold, predicted = error
    lines = [f"{article}: {what}"]
    for label, tag in (("gold", gold), ("pred", predicted)):
        if tag:
            short = {k: v["text"][:90] if isinstance(v, dict) else v for k, v in tag.items()}
            lines.append(f"   {label} {json.dumps(short, ensure_ascii=False)}")
    return "\n".join(lines)


ALL = 10_000
KNOWN = Path(__file__).with_name("known_errors.json")


def signature(error: tuple[str, str, Any, Any]) -> str:
    """Names an error by its place, without its text: what the floors were set with is known by these."""
    article, what, gold, predicted = error
    tag = gold or predicted
    span = tag.get("content") or tag["term"]
    return f"{article} {what} {tag['field']} {span['start']}-{span['end']}"


def write_floors(shared: Path) -> None:
    """The figures as floors and the errors as known ones. Floors only rise: raises ValueError where one would fall."""
    path = Path(__file__).with_name("floors.json")
    before = json.loads(path.read_text(encoding="utf-8"))
    floors, known = {}, {}
    for name in SETS:
        result, errors = measure(shared, name, ALL)
        floors[name] = {k: int(figure(result, k) * 1000) / 1000 for k in figures_of(name) if figure(result, k) > 0}
        known[name] = sorted(
            {signature(error) for error in errors if "ceasefire" not in name or "statement" not in error[1]}
        )
    fallen = [
        f"{name} {key}: {floors[name].get(key, 0)} < {floor}"
        for name, figures in before.items()
        for key, floor in figures.items()
        if floors[name].get(key, 0) < floor
    ]
    if fallen:
        raise ValueError("floors never fall:\n" + "\n".join(fallen))
    path.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
    KNOWN.write_text(json.dumps(known, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--floors", action="store_true", help="write the figures to floors.json, as the new floors")
    parser.add_argument("--set", choices=SETS)
    args = parser.parse_args()
    for name in [args.set] if args.set else SETS:
        result, shown = measure(args.shared, name, args.errors)
        print(name, "  ".join(f"{key} {figure(result, key):.3f}" for key in figures_of(name)))
        if args.set:
            print(result["statements"])
        for error in shown:
            print(describe(error))
    if args.floors:
        write_floors(args.shared)


if __name__ == "__main__":
    main()
