"""What deploy/README.md names exists, and it leaves no reason out."""

import argparse
import json
import re
from pathlib import Path

import jq

from pipeline.options import with_defaults
from tests.deploy.test_template import PARAMETERS
from transforms.elements import FeedVisit, Tally
from transforms.errors import REASONS
from transforms.state_file import VERSION
from transforms.steps import SOFT_REASONS
from transforms.summary import summarise_run

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "deploy" / "README.md").read_text(encoding="utf-8")
FEED_REASONS = {"not_a_feed", "empty_answer", "damaged_feed", "feed_deadline"}


def part(name):
    [found] = re.findall(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", TEXT, re.DOTALL)
    return found


def test_every_reason_has_a_line_that_says_whether_it_comes_again():
    rows = {
        r: (again, do) for r, again, do in re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", part("reasons"), re.M)
    }
    assert list(rows) == list(REASONS)
    assert {reason for reason, (again, _) in rows.items() if again == "yes"} == set(SOFT_REASONS)
    assert {reason for reason, (again, _) in rows.items() if again == "next run"} == FEED_REASONS


def test_every_path_it_names_exists():
    named = set(re.findall(r"\b((?:deploy|tests|transforms)/[\w./-]+\w)", TEXT)) - {"deploy/README.md"}
    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).exists()] == []
    for folder, names in re.findall(r"cd (deploy/\w+) && kubectl apply ((?:-f \S+ ?)+)", TEXT):
        for name in re.findall(r"-f (\S+)", names):
            assert (ROOT / folder / name).exists(), name


def test_every_option_it_names_exists():
    options = vars(with_defaults(argparse.Namespace()))
    named = set(re.findall(r"`--(\w+)", TEXT))
    assert {"host_pause", "workers", "state_days"} <= named
    assert named <= set(options)
    for name, default in re.findall(r"`--(\w+)` \((\d[\d.]*)(?: s)?\)", TEXT):
        assert float(default) == options[name], name
    assert f"`--file_bytes` ({options['file_bytes'] // 1024**2} MiB)" in TEXT


def test_its_commands_fit_the_files():
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert {f"AS {target}" in dockerfile for target in re.findall(r"--target (\w+)", TEXT)} == {True}
    [parameters] = re.findall(r"--parameters (\S+)", TEXT)
    assert {pair.split("=")[0] for pair in parameters.split(",")} <= set(PARAMETERS)
    variables = (ROOT / "deploy" / "terraform" / "variables.tf").read_text(encoding="utf-8")
    for name in re.findall(r"-var (\w+)=", TEXT):
        assert f'variable "{name}"' in variables
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{name}:" in makefile for name in re.findall(r"(?:^    |`|&& )make ([a-z]+)", TEXT, re.M))
    assert f"The state's format is version {VERSION}." in TEXT


def test_its_queries_read_a_summary():
    tallies = [
        Tally("read_feeds", "http://a.example/rss", "in", 1),
        Tally("read_feeds", "http://b.example/rss", "dead_lettered_dns", 1),
        Tally("keep_new_records", "http://a.example/rss", "out", 3),
    ]
    visits = [
        FeedVisit(f"http://{name}.example/rss", outcome, message, None, None, "", visited_us=1, read_us=1)
        for name, outcome, message in (("a", "read", ""), ("b", "dns", "no such name"), ("c", "not_modified", ""))
    ]
    summary = json.loads(json.dumps(summarise_run("run", 0, 1, tallies, visits, {})))
    queries = re.findall(r"jq (?:-r )?'(.+?)' out/summary", part("jq"))
    assert [jq.compile(query).input_value(summary).all() for query in queries] == [
        ["http://b.example/rss\tdns\tno such name"],
        ["read_feeds\tdead_lettered_dns\t1"],
        [3],
    ]


def test_every_alert_of_terraform_has_a_line():
    names = re.findall(r'display_name +=\s+"(rasid: [^"]+)"', (ROOT / "deploy/terraform/alerts.tf").read_text("utf-8"))
    assert len(names) == 3
    assert [name for name in names if f"| `{name}` |" not in TEXT] == []
