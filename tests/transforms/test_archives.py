"""Pages kept in an archive and read back in: the same records, without asking the web."""

import io
import os
import signal
import subprocess
import sys
import time

import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from warcio.archiveiterator import ArchiveIterator

from pipeline.options import make_config
from pipeline.remote import check_remote
from pipeline.run import execute, find_sources, make_parser
from tests.newsworld import ALLOW, last_summary, read_lines
from tests.newsworld import rasid as command
from tests.site import serve
from transforms.errors import InputError
from transforms.summary import unbalanced_stages

pytestmark = pytest.mark.slow


@pytest.fixture
def site():
    with serve() as made:
        yield made


def run(output, *flags):
    args = make_parser().parse_args(["--output", str(output), *ALLOW, "--host_pause", "0", *map(str, flags)])
    config = make_config(args)
    code = execute(config, find_sources(args, config), PipelineOptions([]))
    summary = last_summary(output)
    assert unbalanced_stages(summary) == []
    return code, summary


def feeds_of(site, tmp_path):
    path = tmp_path / "feeds.txt"
    path.write_text(site.address + "/rss.xml\n")
    return path


def essence(output):
    """The records by id, without what a run adds of its own."""
    return {record["record_id"]: record for record in read_lines(output / "records")}


def test_the_same_records_come_out_of_the_archive(site, tmp_path):
    for n in range(4):
        site.add(n)
    site.pages["/news/2.html"] = (302, {"Location": "/moved/2.html"}, b"")
    site.pages["/moved/2.html"] = "قال الوزير إن الحكومة ترفض هدنة جديدة ما لم يتوقف القصف على المدينة القديمة.\n" * 3
    site.items.append(("/picture.png", "صورة", ""))
    site.pages["/picture.png"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")
    code, summary = run(tmp_path / "out", "--feeds", feeds_of(site, tmp_path), "--archive", tmp_path / "pages")
    assert code == 0
    archives = sorted((tmp_path / "pages").glob("*/*.warc.gz"))
    assert sum(summary["files"][str(path)] for path in archives) == 5
    assert not list(tmp_path.rglob("*.part"))
    before = len(site.asked)
    code, summary = run(tmp_path / "again", "--warc", *archives)
    assert code == 0
    assert len(site.asked) == before
    assert summary["stages"]["read_archives"] == {"in": 5, "out": 5}
    first, again = essence(tmp_path / "out"), essence(tmp_path / "again")
    assert len(first) == 4
    assert again == first
    assert any(record["statements"] for record in again.values())
    reasons = [
        {(d["reason"], d["url"]) for d in read_lines(tmp_path / out / "dead_letters")} for out in ("out", "again")
    ]
    assert reasons[0] == reasons[1] == {("not_html", f"{site.address}/picture.png")}
    # Into the same output: these very texts are written.
    _, summary = run(tmp_path / "out", "--warc", *archives)
    assert summary["stages"]["keep_new_records"] == {"in": 4, "dropped_unchanged": 4}


def test_beside_feeds(site, tmp_path):
    site.add(0)
    run(tmp_path / "out", "--feeds", feeds_of(site, tmp_path), "--archive", tmp_path / "pages")
    site.items.clear()
    site.add(1)
    [archive] = (tmp_path / "pages").glob("*/*.warc.gz")
    code, _ = run(tmp_path / "again", "--feeds", feeds_of(site, tmp_path), "--warc", archive)
    assert code == 0
    assert sorted(r["title"] for r in essence(tmp_path / "again").values()) == ["خبر محلي رقم 0", "خبر محلي رقم 1"]


def test_a_damaged_archive(site, tmp_path):
    for n in range(6):
        site.add(n)
    run(tmp_path / "out", "--feeds", feeds_of(site, tmp_path), "--archive", tmp_path / "pages")
    [archive] = (tmp_path / "pages").glob("*/*.warc.gz")
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) * 2 // 3])
    code, summary = run(tmp_path / "again", "--warc", archive)
    assert code == 0
    [letter] = read_lines(tmp_path / "again/dead_letters")
    assert (letter["reason"], letter["url"], letter["stage"]) == (
        "damaged_archive",
        f"file://{archive}",
        "read_archives",
    )
    assert 0 < len(essence(tmp_path / "again")) < 6
    assert summary["stages"]["read_archives"]["dead_lettered_damaged_archive"] == 1
    archive.write_bytes(whole)
    done = command("replay", tmp_path / "again/dead_letters", "--output", tmp_path / "again")
    assert done.returncode == 0, done.stderr
    assert essence(tmp_path / "again").keys() == essence(tmp_path / "out").keys()


def test_what_is_no_archive_is_named_before_the_run(tmp_path):
    (tmp_path / "a.warc").write_text("text")
    for path, said in ((tmp_path / "a.warc", r"a\.warc: "), (tmp_path / "b.warc", r"b\.warc: cannot be read")):
        with pytest.raises(InputError, match=said):
            run(tmp_path / "out", "--warc", path)
    with pytest.raises(InputError, match="--warc: read once"):
        make_config(make_parser().parse_args(["--warc", "a", "--streaming"]))


def test_workers_elsewhere_cannot_see_archives_here():
    args = make_parser().parse_args(["--warc", "a.warc.gz", "--archive", "pages", "--output", "gs://b/out"])
    options = PipelineOptions(["--runner=PortableRunner", "--environment_type=DOCKER"])
    with pytest.raises(InputError) as fault:
        check_remote(options, make_config(args), warcs=args.warc)
    assert "--warc a.warc.gz" in str(fault.value)
    assert "--archive" in str(fault.value)


def test_a_killed_run_leaves_no_half_archive(site, tmp_path):
    for n in range(12):
        site.add(n)
    arguments = [
        "run",
        "--feeds",
        feeds_of(site, tmp_path),
        "--output",
        tmp_path / "out",
        "--archive",
        tmp_path / "pages",
    ]
    arguments = [*map(str, arguments), *ALLOW, "--host_pause", "0.3"]
    for wait in (3.0, 4.0, 5.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "pipeline", *arguments], stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert command(*arguments).returncode == 0
    urls = []
    for path in (tmp_path / "pages").glob("*/*.warc.gz"):
        for record in ArchiveIterator(io.BytesIO(path.read_bytes()), check_digests="raise"):
            if record.rec_type == "response":
                urls.append(record.rec_headers.get_header("WARC-Target-URI"))
            record.content_stream().read()
    assert sorted(urls) == sorted(record["url"] for record in read_lines(tmp_path / "out/records"))
    assert len(urls) == 12
    assert not list((tmp_path / "pages/.staging").glob("*/*"))
