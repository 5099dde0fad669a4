"""The state as a file: written whole, read, and appended to.

The file `state.jsonl.gz` is gzipped JSON lines. The first is a header,
    {"format": "rasid-state", "version": 1, "run_id": ..., "written_at": ...}
and each other line one row of state.py:
    {"kind": "feed", "url", "etag", "last_modified", "body_hash", "visited_us", "read_us", "outcome", "interval_s",
     "next_us"}
    {"kind": "entry", "key", "listed_us", "record_id" | null, "failures", "done", "fingerprints": {feed key: text}}
    {"kind": "record", "id", "touched_us", "revision", "content_hash"}
    {"kind": "robots", "origin", "fetched_us", "status", "body"}
    {"kind": "pending", "key", "since_us", "entry": an entry's JSON}
Writing 200,000 rows takes more than a second, and a streaming process commits every few seconds. So a run appends what
it changed as a further gzip member, until what was appended is a quarter of all rows. A later row takes the place of an
earlier one of its kind and key; two more say which run it was and what it dropped:
    {"kind": "changes", "run_id", "written_at"}
    {"kind": "gone", "of": a kind, "keys": [...]}
Rows of another `kind` are kept as they are, so that an older version can read what a newer one wrote.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from transforms import files
from transforms.elements import RobotsAnswer
from transforms.errors import InputError
from transforms.state import EntryRow, FeedRow, PendingRow, RecordRow, State

FORMAT, VERSION = "rasid-state", 1
_MOST_APPENDED: Final = 0.25  # of all rows: reading the file never takes much longer than reading what is in it


def dump_state(state: State, written_at: str) -> bytes:
    """The state's file; equal states give equal bytes."""
    out = io.StringIO()
    header = {"format": FORMAT, "version": VERSION, "run_id": state.run_id, "written_at": written_at}
    out.write(json.dumps(header) + "\n")
    for kind, rows in state.rows_by_kind().items():
        for row in rows.values():
            out.write(_encode_row(kind, vars(row)))
    for unknown in state.unknown:
        out.write(json.dumps(unknown, ensure_ascii=False) + "\n")
    return _compress(out.getvalue())


def _encode_row(kind: str, row: dict[str, Any]) -> str:
    return json.dumps({"kind": kind, **row}, ensure_ascii=False) + "\n"


def _compress(lines: str) -> bytes:
    return gzip.compress(lines.encode("utf-8", "surrogatepass"), compresslevel=3, mtime=0)


def parse_state(content: bytes, path: str) -> State:
    """Reads a state file. Raises InputError naming the file and line where it is damaged or too new."""
    state = State()
    line_number = 0
    try:
        lines = gzip.decompress(content).decode("utf-8", "surrogatepass").split("\n")[:-1]
        _check_header(json.loads(lines[0]) if lines else None, path)
        for line_number, line in enumerate(lines, 1):
            row: dict[str, Any] = json.loads(line)
            if line_number == 1:
                state.run_id = row["run_id"]
                continue
            kind = row.pop("kind")
            state.appended += bool(state.appended) or kind == "changes"
            if kind == "feed":
                state.feeds[row["url"]] = FeedRow(**row)
            elif kind == "entry":
                state.entries[row["key"]] = EntryRow(**row)
            elif kind == "record":
                state.records[row["id"]] = RecordRow(**row)
            elif kind == "robots":
                state.robots[row["origin"]] = RobotsAnswer(**row)
            elif kind == "pending":
                state.pending[row["key"]] = PendingRow(**row)
            elif kind == "changes":
                state.run_id = row["run_id"]
            elif kind == "gone" and row["of"] in state.rows_by_kind():
                for key in row["keys"]:
                    state.rows_by_kind()[row["of"]].pop(key, None)
            else:
                state.unknown.append({"kind": kind, **row})
    except (OSError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"the state is damaged ({type(error).__name__}: {error}); restore it, or move it away to begin anew",
            file=path,
            line=line_number or None,
        ) from error
    return state


def _check_header(row: Any, path: str) -> None:
    if not isinstance(row, dict) or row.get("format") != FORMAT:
        raise InputError("not a state file: the header is missing", file=path, line=1)
    if row.get("version") != VERSION:
        raise InputError(f"state version {row.get('version')}; this program reads version {VERSION}", file=path, line=1)


def append_changes(old: State, new: State, path: str, written_at: str) -> bytes:
    """The file of the state `new`, where the file at `path`, if there is one, holds `old`. Sets `new.appended`.

    The rows of `new` that `old` has, too, are the same objects in both, or are written again.
    """
    lines = [_encode_row("changes", {"run_id": new.run_id, "written_at": written_at}), *_changed_rows(old, new)]
    appended = old.appended + len(lines)
    rows = sum(map(len, new.rows_by_kind().values()))
    if appended > _MOST_APPENDED * rows or new.unknown != old.unknown or not files.exists(path):
        new.appended = 0
        return dump_state(new, written_at)
    new.appended = appended
    return files.read_bytes(path) + _compress("".join(lines))


def _changed_rows(old: State, new: State) -> Iterator[str]:
    before = old.rows_by_kind()
    for kind, rows in new.rows_by_kind().items():
        known = before[kind]
        changed = [row for key, row in rows.items() if known.get(key) is not row]
        yield from (_encode_row(kind, vars(row)) for row in changed)
        gone = [key for key in known if key not in rows]
        if gone:
            yield json.dumps({"kind": "gone", "of": kind, "keys": gone}) + "\n"
