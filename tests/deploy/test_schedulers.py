"""The scheduled jobs: that their files are well-formed, and that the command in each is one that rasid takes."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

from pipeline.feeds import parse_feeds
from pipeline.lock import lock_state
from pipeline.options import make_config
from pipeline.run import make_parser
from tests.newsworld import read_lines
from tests.site import serve

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
SERVICES = ["rasid.service", "rasid-streaming.service"]


def config_of(arguments):
    """The configuration that `rasid run ARGUMENTS` has; fails for what it would not take."""
    command, *flags = arguments
    assert command == "run"
    args = make_parser().parse_args(flags)
    return args, make_config(args)


def documents(name):
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / name).read_text(encoding="utf-8")))


[CRON_JOB] = documents("cronjob.yaml")
[DEPLOYMENT] = documents("streaming.yaml")
[CLAIM] = documents("volume.yaml")
[FEEDS] = documents("feeds.yaml")
PODS = {
    "cronjob": CRON_JOB["spec"]["jobTemplate"]["spec"]["template"],
    "streaming": DEPLOYMENT["spec"]["template"],
}


def test_kubernetes_kinds_and_names():
    kinds = [(d["apiVersion"], d["kind"]) for d in (CRON_JOB, DEPLOYMENT, CLAIM, FEEDS)]
    assert kinds == [
        ("batch/v1", "CronJob"),
        ("apps/v1", "Deployment"),
        ("v1", "PersistentVolumeClaim"),
        ("v1", "ConfigMap"),
    ]
    assert DEPLOYMENT["spec"]["selector"]["matchLabels"] == PODS["streaming"]["metadata"]["labels"]


@pytest.mark.parametrize("name", PODS)
def test_a_pod_runs_a_command_that_rasid_takes_on_what_is_mounted(name):
    pod = PODS[name]["spec"]
    [container] = pod["containers"]
    assert "command" not in container  # the image's entrypoint is rasid
    args, config = config_of(container["args"])
    assert args.streaming == (name == "streaming")
    assert config.workers == int(container["resources"]["limits"]["cpu"])
    mounts = {m["name"]: m for m in container["volumeMounts"]}
    assert set(mounts) == {v["name"] for v in pod["volumes"]} == {"data", "feeds", "tmp"}
    volumes = {v["name"]: v for v in pod["volumes"]}
    assert volumes["data"]["persistentVolumeClaim"]["claimName"] == CLAIM["metadata"]["name"]
    assert volumes["feeds"]["configMap"]["name"] == FEEDS["metadata"]["name"]
    for folder in (config.output, config.state, config.sinks[0].folder):
        assert folder.startswith(mounts["data"]["mountPath"] + "/")
    folder, _, key = args.feeds.rpartition("/")
    assert folder == mounts["feeds"]["mountPath"]
    assert len(parse_feeds(FEEDS["data"][key].encode(), key)) == 2


@pytest.mark.parametrize("name", PODS)
def test_a_pod_has_no_rights_that_it_does_not_need(name):
    pod = PODS[name]["spec"]
    [container] = pod["containers"]
    user = pod["securityContext"]["runAsUser"]
    assert f"USER {user}:{pod['securityContext']['runAsGroup']}" in DOCKERFILE
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["fsGroup"] == user
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {"cpu", "memory"} <= set(container["resources"]["requests"])
    assert "memory" in container["resources"]["limits"]


def test_jobs_of_the_cron_job_never_overlap_and_end():
    spec = CRON_JOB["spec"]
    assert spec["concurrencyPolicy"] == "Forbid"
    job = spec["jobTemplate"]["spec"]
    assert re.fullmatch(r"\d+ \* \* \* \*", spec["schedule"])
    assert job["activeDeadlineSeconds"] < 3600
    assert (job["backoffLimit"], PODS["cronjob"]["spec"]["restartPolicy"]) == (0, "Never")


def longest_stop(config):
    """Seconds that a clean stop may take: the requests under way, then their pages."""
    return config.http.request_deadline + config.page_deadline


def test_the_deployment_is_one_process_and_may_stop_in_peace():
    spec = DEPLOYMENT["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    pod = PODS["streaming"]["spec"]
    _, config = config_of(pod["containers"][0]["args"])
    assert pod["terminationGracePeriodSeconds"] > longest_stop(config) + 30


def unit(name):
    parser = configparser.ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read_string((DEPLOY / "systemd" / name).read_text(encoding="utf-8"))
    return parser


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_runs_a_command_that_rasid_takes_where_it_may_write(name):
    service = unit(name)["Service"]
    program, *arguments = shlex.split(service["ExecStart"])
    assert program.endswith("/.venv/bin/rasid")
    args, config = config_of(arguments)
    assert args.streaming == (name == "rasid-streaming.service")
    for folder in (config.output, config.state):
        assert folder.startswith(f"/var/lib/{service['StateDirectory']}/")
    assert service["ProtectSystem"] == "strict"
    assert service["DynamicUser"] == "yes"
    if args.streaming:
        assert int(service["TimeoutStopSec"].removesuffix("s")) > longest_stop(config) + 30


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze (package systemd)")
def test_systemd_finds_nothing_wrong(tmp_path):
    program = tmp_path / "rasid"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = [*SERVICES, "rasid.timer"]
    for name in units:
        text = (DEPLOY / "systemd" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/rasid/.venv/bin/rasid", str(program)), encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *(tmp_path / name for name in units)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_timer_is_of_the_service():
    assert unit("rasid.timer")["Timer"]["Persistent"] == "yes"
    assert (DEPLOY / "systemd" / "rasid.service").exists()
    assert unit("rasid-streaming.service")["Install"]["WantedBy"] == "multi-user.target"


def cron_command():
    """The five fields and the command of the one line."""
    lines = (DEPLOY / "cron" / "crontab").read_text(encoding="utf-8").splitlines()
    [line] = [line for line in lines if line and not line.startswith(("#", "RASID="))]
    fields = line.split(None, 5)
    assert all(re.fullmatch(r"\*|\d+", field) for field in fields[:5])
    assert "%" not in fields[5]  # cron would read a newline
    return fields[5]


@pytest.fixture
def installed(tmp_path):
    """A folder as the crontab's: an environment and a feed list; and what runs its command there."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    program = tmp_path / ".venv" / "bin" / "rasid"
    root = shlex.quote(str(DEPLOY.parent))
    program.write_text(f'#!/bin/sh\nPYTHONPATH={root} exec {shlex.quote(sys.executable)} -m pipeline "$@"\n')
    program.chmod(0o755)
    command = cron_command().replace(" 2>>", " --allow_networks 127.0.0.0/24 --host_pause 0 2>>")
    environment = {"RASID": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}

    def run():
        return subprocess.run(["/bin/sh", "-c", command], cwd="/", env=environment, capture_output=True, check=False)

    return run


@pytest.mark.slow
def test_the_crontabs_command_reads_what_is_new_and_never_overlaps(installed, tmp_path):
    with serve() as site:
        site.add(1)
        (tmp_path / "feeds.txt").write_text(f"{site.address}/rss.xml\n")
        done = installed()
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert len(read_lines(tmp_path / "out" / "records")) == 1
        site.add(2)
        site.asked.clear()
        with lock_state(str(tmp_path / "out" / "state"), "another"):
            assert installed().returncode == 2
        assert site.asked == []
        assert "another run works on this state" in (tmp_path / "rasid.log").read_text(encoding="utf-8")
        assert installed().returncode == 0
        assert len(read_lines(tmp_path / "out" / "records")) == 2


# As in the pod: root's rights gone, and every file system read-only but /tmp.
CONFINED = """
mount --make-rprivate / && mount --bind /tmp /tmp && mount -o remount,bind,ro / || { echo no mounts >&2; exit 99; }
exec setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs -- "$@"
"""


def confined(*command):
    paths = [str(DEPLOY.parent), *(path for path in sys.path if path.endswith("site-packages"))]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nowhere", "PYTHONPATH": os.pathsep.join(paths)}
    whole = ["unshare", "--mount", "sh", "-c", CONFINED, "sh", *map(str, command)]
    return subprocess.run(whole, cwd="/", env=environment, capture_output=True, text=True, check=False)


def public_python():
    """A Python of this version that everybody may run: this one may be in root's home."""
    system = f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"
    code = (
        "import os, sys; os.execv(sys.executable, [*sys.orig_argv[:-2], '-c', 'import pipeline.run, transforms.work'])"
    )
    for python in ([sys.executable], [system, "-S"]):  # without the system's own packages
        tried = confined(*python, "-c", code)
        if tried.returncode == 0:
            return python
    return pytest.skip(f"no Python for another user, or no mounts: {tried.stderr.strip().splitlines()[-1:]}")


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare (util-linux)")
def test_a_run_without_rights_writes_its_output_and_tmp_only():
    python = public_python()
    assert confined("touch", "/var/x").returncode == 1
    with tempfile.TemporaryDirectory(dir="/tmp") as name, serve() as site:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "data").mkdir()
        os.chown(folder / "data", 10001, 10001)
        site.add(1)
        (folder / "feeds.txt").write_text(f"{site.address}/rss.xml\n")
        flags = [
            "--feeds",
            folder / "feeds.txt",
            "--output",
            folder / "data" / "out",
            "--allow_networks",
            "127.0.0.0/24",
        ]
        done = confined(*python, "-m", "pipeline", "run", *flags)
        assert done.returncode == 0, done.stderr
        assert len(read_lines(folder / "data" / "out" / "records")) == 1
