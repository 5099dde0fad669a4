"""`rasid retag`: the present tagger over records already written; what it finds is a revision of their tags."""

from __future__ import annotations

import argparse
import hashlib
import itertools
import sys
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.options import HelpFormatter
from pipeline.records_input import find_record_files, read_records, require_record_files
from transforms import files
from transforms.arabic.lexicon import lexicon_version
from transforms.arabic.tagger import TAGGER_VERSION
from transforms.elements import Record
from transforms.errors import InputError
from transforms.file_formats import FORMATS
from transforms.lexicons import check_lexicons
from transforms.pool import TASKS_PER_PROCESS, acquire_pool, result_of
from transforms.processes import start_fork_server
from transforms.work import has_present_tags, retag_record

OK, SOME_FAILED = 0, 1
FAULTS_SHOWN: Final = 10

# A record's text in one format: two sinks have the same records, and both get the new tags.
_Key = tuple[str, str, int]


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rasid retag",
        description="Tags records anew with the present tagger and lexicons. What is written before stays; new files "
        "beside it hold the same records with new tags and the next tags_revision. Records that have tags of this "
        "tagger and these lexicons are skipped, so that it may be run again, also after it was killed.",
        epilog="Exit code: 0 done; 1 some records could not be tagged; 2 a damaged file or lexicon, or no records.",
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("folder", metavar="DIR", help="folder of records, .jsonl or .parquet, such as out")
    parser.add_argument("--output", metavar="DIR", help="folder for the new files (default: beside the old ones)")
    parser.add_argument("--workers", type=int, default=0, metavar="N", help="processes that tag; 0: one a core")
    parser.add_argument("--page_deadline", type=float, default=20.0, metavar="S", help="seconds for tagging one record")
    args = parser.parse_args(argv)
    if args.workers < 0 or not args.page_deadline > 0:
        raise InputError("--workers: at least 0; --page_deadline: more than 0 seconds")
    check_lexicons()
    start_fork_server()
    counts = retag(args.folder, args.output or args.folder, args.workers, args.page_deadline)
    print(
        f"{counts['tagged']} records tagged anew in {counts['files']} files, {counts['present']} had present tags, "
        f"{counts['failed']} failed (tagger {TAGGER_VERSION}, lexicons {lexicon_version()})",
        file=sys.stderr,
    )
    return SOME_FAILED if counts["failed"] else OK


def retag(folder: str, output: str, workers: int, deadline: float) -> Counter[str]:
    """Writes revisions of tags; counts `tagged`, `present`, `failed` and `files`.

    Each file is written whole or not at all, one for each file read. Raises InputError where a file is damaged.
    """
    paths = require_record_files(folder)
    others = find_record_files(output) if Path(output).is_dir() else []
    latest = _find_latest({path.resolve(): None for path in (*paths, *others)})
    counts = Counter(present=sum(present for _, present in latest.values()))
    root = Path(folder)
    for path in paths:
        records = _take_old(path, latest)
        tagged = _tag(records, workers, deadline, counts)
        counts["files"] += _write(tagged, path, Path(output) / path.relative_to(root).parent)
    return counts


def _find_latest(paths: Iterable[Path]) -> dict[_Key, tuple[int, bool]]:
    """The last tags_revision of each text, and whether its tags are the present ones."""
    latest: dict[_Key, tuple[int, bool]] = {}
    for path in paths:
        for record in read_records(path):
            key, found = _key(path, record), (record.tags_revision, has_present_tags(record))
            latest[key] = max(latest.get(key, found), found)
    return latest


def _key(path: Path, record: Record) -> _Key:
    return path.suffix, record.record_id, record.revision


def _take_old(path: Path, latest: dict[_Key, tuple[int, bool]]) -> Iterator[Record]:
    """The records of a file that are to be tagged; each is taken once."""
    for record in read_records(path):
        if latest.get(_key(path, record)) == (record.tags_revision, False):
            del latest[_key(path, record)]
            yield record


def _tag(records: Iterator[Record], workers: int, deadline: float, counts: Counter[str]) -> Iterator[Record]:
    """The records with new tags, in their order; a few at a time are under way."""
    pool = acquire_pool(workers)
    waiting: list[tuple[Record, Any]] = []
    for record in itertools.chain(records, [None]):
        if record is not None:
            waiting.append((record, pool.schedule(retag_record, (record,), deadline)))
        while waiting and (record is None or len(waiting) > pool.processes * TASKS_PER_PROCESS):
            given, future = waiting.pop(0)
            result = result_of(pool, future, deadline, "tagging_deadline")
            if isinstance(result, Record):
                counts["tagged"] += 1
                yield result
            else:
                counts["failed"] += 1
                if counts["failed"] <= FAULTS_SHOWN:
                    print(f"rasid: {given.record_id} ({given.url}) keeps its tags: {result}", file=sys.stderr)


def _write(records: Iterator[Record], source: Path, folder: Path) -> int:
    """Writes the records, where there are any, to a file of the source's format; the number of files."""
    first = next(records, None)
    if first is None:
        return 0
    target = _name(source, folder)
    staged = target.with_name(f"{target.name}.{uuid.uuid4().hex}.part")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with staged.open("wb") as file:
            writer = FORMATS[source.suffix.removeprefix(".")](file)
            for record in itertools.chain([first], records):
                writer.write(record)
            writer.close()
        files.sync(str(staged))
        files.rename(str(staged), str(target))
    finally:
        staged.unlink(missing_ok=True)
    return 1


def _name(source: Path, folder: Path) -> Path:
    """A name that is not taken, the same each time for a file and the versions of tagger and lexicons."""
    text = f"{source} {TAGGER_VERSION} {lexicon_version()}"
    stem = f"{source.stem.partition('-tags-')[0]}-tags-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"
    more = itertools.chain([""], (f"-{n}" for n in itertools.count(2)))
    names = (f"{stem}{each}{source.suffix}" for each in more)
    return next(path for name in names if not (path := folder / name).exists())
