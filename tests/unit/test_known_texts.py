"""Texts between runs: files, window, cap, revisions."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.texts import make_body, make_text
from transforms import files, known_texts, near_duplicates
from transforms.errors import InputError
from transforms.known_texts import MOST_OF_BAND, KnownTexts, check_texts, mark_texts, texts_folder
from transforms.near_duplicates import jaccard, sign_text

WINDOW = 1000


@pytest.fixture
def add_run(tmp_path):
    """Runs once over texts, commits, and gives record_id -> original; `oldest` as for refresh."""
    known = KnownTexts(str(tmp_path))
    runs = iter(range(10_000))

    def add(*texts, oldest=0, fresh=False):
        mine = KnownTexts(str(tmp_path)) if fresh else known
        mine.refresh(oldest)
        marked = mark_texts(texts, mine, WINDOW)
        content, replaced, add.over = mine.next_file(marked, oldest)
        files.write_atomically(files.join(texts_folder(str(tmp_path)), f"run{next(runs):05}.texts"), content)
        files.delete(replaced)
        return {text.record_id: text.original for text in marked}

    return add


def stored(folder):
    return sorted(path.name for path in (folder / "texts").glob("*"))


@pytest.mark.parametrize("fresh", [False, True])
def test_a_text_of_an_earlier_run_is_the_original(add_run, fresh):
    assert add_run(make_text("b", make_body(1), 5)) == {"b": ""}
    # Also where it was published later: what is written stays.
    assert add_run(make_text("a", make_body(1, 3), 1), make_text("x", make_body(2), 2), fresh=fresh) == {
        "a": "b",
        "x": "",
    }
    assert add_run(make_text("c", make_body(1, 3), 9), fresh=fresh) == {"c": "b"}


def test_of_one_run_the_earliest_is_the_original_then_the_lesser_id(add_run):
    body = make_body(1)
    assert add_run(make_text("a", body, 2), make_text("c", body, 1), make_text("b", body, 1)) == {
        "a": "b",
        "b": "",
        "c": "b",
    }


def test_a_text_published_outside_the_window_is_none(add_run):
    add_run(make_text("a", make_body(1), 0))
    found = add_run(make_text("b", make_body(1), WINDOW), make_text("c", make_body(1), 2 * WINDOW + 1))
    assert found == {"b": "a", "c": ""}


def test_a_revision_is_no_duplicate_of_its_own_record(add_run):
    add_run(make_text("a", make_body(1), 0), make_text("b", make_body(2), 0))
    assert add_run(make_text("a", make_body(1, 3), 0, revision=2)) == {"a": ""}
    # It may become another's, unless others are duplicates of it.
    assert add_run(make_text("a", make_body(2), 0, revision=3)) == {"a": "b"}
    assert add_run(make_text("b", make_body(1), 0, revision=2), make_text("c", make_body(1), 0)) == {"b": "", "c": "b"}


def test_a_text_that_was_corrected_is_no_longer_compared(add_run):
    add_run(make_text("a", make_body(1), 0))
    add_run(make_text("a", make_body(2), 0, revision=2))
    assert add_run(make_text("b", make_body(1), 0), make_text("c", make_body(2), 0), fresh=True) == {"b": "", "c": "a"}


def test_an_original_that_is_forgotten_is_still_named(add_run):
    add_run(make_text("a", make_body(1), 0, fetched_us=0))
    add_run(make_text("b", make_body(1, 3), 0, fetched_us=10))
    assert add_run(make_text("c", make_body(1, 3), 0, fetched_us=20), oldest=5, fresh=True) == {"c": "a"}


def test_a_row_of_small_changes_does_not_lead_far_away(add_run):
    """Each text is nearly the one before it; none is marked with an original that shares less than half."""
    bodies = {}
    words = make_body(1).split()
    other = make_body(2).split()
    for n in range(12):
        bodies[f"t{n:02}"] = " ".join(other[: n * 8] + words[n * 8 :])
        found = add_run(make_text(f"t{n:02}", bodies[f"t{n:02}"], n))
        original = found[f"t{n:02}"]
        assert not original or jaccard(sign_text(bodies[original]), sign_text(bodies[f"t{n:02}"])) >= 0.5
    assert jaccard(sign_text(bodies["t00"]), sign_text(bodies["t11"])) < 0.5


def test_texts_and_files_age_out(add_run, tmp_path):
    add_run(make_text("a", make_body(1), 0, fetched_us=0))
    add_run(make_text("b", make_body(2), 0, fetched_us=50))
    assert add_run(make_text("c", make_body(1), 0, fetched_us=100), oldest=10) == {"c": ""}
    assert stored(tmp_path) == ["run00001.texts", "run00002.texts"]


@pytest.mark.parametrize("fresh", [False, True])
def test_small_files_are_merged(add_run, tmp_path, monkeypatch, fresh):
    monkeypatch.setattr(known_texts, "MERGED_FILES", 4)
    for n in range(11):
        add_run(make_text(f"r{n:02}", make_body(n), n), fresh=fresh)
        assert len(stored(tmp_path)) <= 4
    assert stored(tmp_path) == ["run00008.texts", "run00009.texts", "run00010.texts"]
    again = [make_text(f"s{n:02}", make_body(n), n) for n in range(11)]
    assert add_run(*again, fresh=fresh) == {f"s{n:02}": f"r{n:02}" for n in range(11)}


def test_a_merge_whose_files_were_not_deleted_changes_nothing(add_run, tmp_path, monkeypatch):
    monkeypatch.setattr(known_texts, "MERGED_FILES", 2)
    monkeypatch.setattr(files, "delete", lambda paths: None)
    for n in range(4):
        add_run(make_text(f"r{n}", make_body(n), n))
    assert len(stored(tmp_path)) == 4
    known = KnownTexts(str(tmp_path))
    known.refresh(0)
    assert sorted(known.record_ids) == ["r0", "r1", "r2", "r3"]


@pytest.mark.parametrize("fresh", [False, True])
def test_above_the_cap_the_oldest_are_forgotten_and_counted(add_run, tmp_path, monkeypatch, fresh):
    monkeypatch.setattr(known_texts, "MOST_TEXTS", 3)
    for n in range(3):
        add_run(make_text(f"r{n}", make_body(n), n), fresh=fresh)
        assert add_run.over == 0
    add_run(make_text("r3", make_body(3), 3), make_text("r4", make_body(4), 4), fresh=fresh)
    assert add_run.over == 2
    assert stored(tmp_path) == ["run00002.texts", "run00003.texts"]
    found = add_run(make_text("a", make_body(1), 5), make_text("b", make_body(2), 5), fresh=fresh)
    assert found == {"a": "", "b": "r2"}


@pytest.mark.parametrize("between_runs", [False, True])
def test_pages_of_one_template_are_not_each_compared_with_each(add_run, monkeypatch, between_runs):
    compared = []
    monkeypatch.setattr(near_duplicates, "jaccard", lambda a, b: compared.append(1) or jaccard(a, b))
    texts = [make_text(f"r{n:03}", make_body(1), n) for n in range(200)]
    halves = [texts[:100], texts[100:]] if between_runs else [texts[::-1]]
    marks = {record_id: mark for half in halves for record_id, mark in add_run(*half).items()}
    assert marks == {"r000": ""} | {f"r{n:03}": "r000" for n in range(1, 200)}
    assert len(compared) <= 200 * 4 * MOST_OF_BAND  # in the run, between runs, and each one's original


def test_a_short_text_is_not_compared():
    assert sign_text("كلمة " * 5) == b""
    assert sign_text(" ".join(make_body(1).split()[:18])) == b""
    assert sign_text(" ".join(make_body(1).split()[:19])) != b""


def test_spelling_is_nothing():
    plain = make_body(1).replace("ا", "أ", 20).replace("ه", "ة", 5)
    marked = make_body(1).replace("ب", "بَ").replace("ن", "نـ")
    assert jaccard(sign_text(plain), sign_text(marked)) == 1.0


def test_long_texts_are_compared_by_a_sample():
    one, other = make_body(1, length=9000), make_body(1, changed=1000, length=9000)
    assert abs(jaccard(sign_text(one), sign_text(other)) - 8000 / 10000) < 0.03
    assert len(sign_text(one)) < 17_000


def test_signatures_are_those_of_yesterday():
    """They lie in state folders: where they change, `_FORMAT` has to."""
    assert sign_text(make_body(1)).hex()[:32] == "f90015851d168417904d4ae5faa7446c"


@pytest.mark.parametrize("content", [b"", b"PAR1 cut", "foreign"])
def test_a_damaged_file_is_named(tmp_path, content):
    path = tmp_path / "texts" / "run.texts"
    path.parent.mkdir()
    if content == "foreign":
        pq.write_table(pa.table({"a": [1]}), path)
    else:
        path.write_bytes(content)
    for read in (lambda: check_texts(str(tmp_path)), lambda: KnownTexts(str(tmp_path)).refresh(0)):
        with pytest.raises(InputError, match=r"run\.texts.*damaged"):
            read()
