"""The rules of the layout, read from the imports."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "transforms").rglob("*.py"), *(ROOT / "pipeline").rglob("*.py")])
NO_BEAM = sorted(
    [
        *(ROOT / "transforms/web").glob("*.py"),
        *(ROOT / "transforms/arabic").glob("*.py"),
        *(
            ROOT / "transforms" / name
            for name in (
                "elements.py",
                "errors.py",
                "record_format.py",
                "json_values.py",
                "message_format.py",
                "near_duplicates.py",
                "version.py",
                "warc_format.py",
                "pubsub_client.py",
                "record_fields.py",
                "postgresql_format.py",
                "postgresql_client.py",
                "bigquery_format.py",
                "bigquery_client.py",
                "state.py",
                "lexicons.py",
                "polling.py",
                "file_formats.py",
                "work.py",
            )
        ),
    ]
)
DOORS = {
    "trafilatura": {"transforms/web/article_extractor.py"},
    "htmldate": {"transforms/web/article_extractor.py"},
    "courlan": {"transforms/web/urls.py"},
    "charset_normalizer": {"transforms/web/decode.py"},
    "feedparser": {"transforms/web/feed_parser.py"},
    "langdetect": {"transforms/arabic/language.py"},
    "aiohttp": {"transforms/web/http.py"},
    "socket": {"transforms/web/http.py", "pipeline/lock.py"},  # the lock names its host, and opens none
    "datasketch": {"transforms/near_duplicates.py"},
    "warcio": {"transforms/warc_format.py"},
    "pebble": {"transforms/pool.py"},
    "google": {"transforms/pubsub_client.py", "transforms/bigquery_client.py"},
    "psycopg": {"transforms/postgresql_client.py"},
    "requests": set(),
    "urllib3": set(),
}
ARABIC = re.compile("[\u0621-\u064a]")


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def imports(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def is_transform(path):
    return "beam.PTransform" in path.read_text(encoding="utf-8") and path.parent.name in ("transforms", "streaming")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_keep_the_layout(path):
    tops = {module.split(".")[0] for module in imports(path)}
    if path.is_relative_to(ROOT / "transforms"):
        assert "pipeline" not in tops
    for library, doors in DOORS.items():
        assert library not in tops or name_of(path) in doors, f"{library} has one door: {doors}"


def test_transforms_never_import_one_another():
    names = {name_of(path)[:-3].replace("/", "."): path for path in SOURCES if is_transform(path)}
    assert len(names) >= 8
    for path in names.values():
        assert not imports(path) & set(names), name_of(path)


def test_every_transform_says_what_it_takes_and_gives():
    for path in filter(is_transform, SOURCES):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and "beam.PTransform" in [ast.unparse(base) for base in node.bases]:
                assert re.match(rf"{node.name}: \w+ -> \w+\.", ast.get_docstring(node) or ""), node.name


@pytest.mark.slow
def test_what_is_without_beam_loads_without_beam():
    modules = [name_of(path)[:-3].replace("/", ".").removesuffix(".__init__") for path in NO_BEAM]
    code = f"import sys; sys.modules['apache_beam'] = None; import importlib\nfor m in {modules!r}: importlib.import_module(m)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name != "normalize.py"], ids=name_of)
def test_arabic_words_live_in_the_lexicon(path):
    assert not ARABIC.search(path.read_text(encoding="utf-8"))


def test_nothing_is_unpickled_or_evaluated():
    """What these load runs as code; state, dead letters and messages come from outside, and are JSON."""
    for path in SOURCES:
        tops = {module.split(".")[0] for module in imports(path)}
        assert not tops & {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "yaml"}, name_of(
            path
        )
        calls = {node.func.id for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                 if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
        assert not calls & {"eval", "exec", "compile", "__import__"}, name_of(path)


def test_no_file_is_long():
    longest = {
        "transforms/elements.py": 420,  # one definition after the other, no logic
    }
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    assert not {name: n for name, n in lengths.items() if n > longest.get(name, 330)}
