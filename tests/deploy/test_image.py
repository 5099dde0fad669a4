"""The image's files: locked, hashed, and as one another need them."""

import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
BIN = Path(sys.executable).parent
LOCKS = ["requirements.lock", "build.lock"]


def pins(name):
    """The lock's entries: (requirement, its hashes)."""
    text = (DEPLOY / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = []
    for line in text.splitlines():
        requirement, *hashes = re.split(r"\s+--hash=", line.strip())
        found.append((Requirement(requirement), hashes))
    return found


def required():
    """What setup.py requires, of all users and of the extra gcp."""
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    call = next(n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "setup")
    arguments = {k.arg: k.value for k in call.keywords}
    extras = ast.literal_eval(arguments["extras_require"])
    return [Requirement(r) for r in ast.literal_eval(arguments["install_requires"]) + extras["gcp"]]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_one_version_and_hashes(name):
    locked = pins(name)
    assert locked
    for requirement, hashes in locked:
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes), requirement
    here = [r.name for r, _ in locked if r.marker is None or r.marker.evaluate()]
    assert len(here) == len(set(here))


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address(name):
    assert not re.search(r"https?://|--index-url|--find-links|git\+", (DEPLOY / name).read_text(encoding="utf-8"))


def test_the_lock_holds_what_setup_py_asks_for():
    locked = {canonicalize_name(r.name): r for r, _ in pins("requirements.lock") if not r.marker or r.marker.evaluate()}
    for requirement in required():
        version = str(locked[canonicalize_name(requirement.name)].specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{requirement}: {version} is locked; make lock"


@pytest.mark.slow
def test_the_lock_is_complete_and_agrees_with_itself(tmp_path):
    """uv, which keeps the versions of an existing lock, finds nothing to add and nothing to take away."""
    shutil.copy(DEPLOY / "requirements.lock", tmp_path / "lock")
    flags = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
    command = [BIN / "uv", "pip", "compile", "--quiet", *flags, "--extra", "gcp", "--extra", "postgresql"]
    command += ["setup.py", "-o", tmp_path / "lock"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    again = [str(requirement) for requirement, _ in pins(tmp_path / "lock")]
    assert again == [str(requirement) for requirement, _ in pins("requirements.lock")], "make lock"


def test_hadolint_finds_nothing():
    done = subprocess.run([BIN / "hadolint", DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_boot_program_is_of_the_locked_beam_and_python():
    beam = next(str(r.specifier)[2:] for r, _ in pins("requirements.lock") if r.name == "apache-beam")
    [(python, version)] = re.findall(r"apache/beam_python([\d.]+)_sdk:(\S+)", DOCKERFILE)
    assert version == beam
    assert set(re.findall(r"FROM python:([\d.]+)-", DOCKERFILE)) == {python}
    assert f"python{python.replace('.', '')}-template-launcher-base" in DOCKERFILE


def test_everything_is_installed_by_hash_and_nothing_from_elsewhere():
    installs = re.findall(r"pip install [^\n\\]+", DOCKERFILE)
    assert len(installs) == 3
    for line in installs:
        assert "--require-hashes" in line or ("--no-index" in line and "--no-deps" in line), line


def test_what_the_image_copies_exists_and_reaches_the_builder():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[0] == "*"
    allowed = [line[1:] for line in ignored if line.startswith("!")]
    copies = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]
    assert len(copies) > 5
    for source in copies:
        assert (ROOT / source).exists(), source
        assert any(Path(source).match(a) or source.startswith(f"{a}/") for a in allowed), source


def test_the_last_stage_is_the_default_one_and_is_not_root():
    assert DOCKERFILE.rstrip().split("FROM base AS ")[-1].startswith("rasid\nUSER 10001:10001\n")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root and setpriv (util-linux)")
def test_python_gives_up_root_in_the_dataflow_image(tmp_path):
    script = (DEPLOY / "dataflow" / "python").read_text(encoding="utf-8")
    assert script.count("/opt/venv/bin/python") == 2
    path = tmp_path / "python"
    path.write_text(script.replace("/opt/venv/bin/python", os.path.realpath(sys.executable)), encoding="utf-8")
    path.chmod(0o755)
    code = "import os; print(*os.getresuid(), *os.getresgid(), os.getgroups()); os.setuid(0)"
    done = subprocess.run([path, "-c", code], cwd="/", capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["10001"] * 6 + ["[]"], done.stderr
    assert "PermissionError" in done.stderr


def test_the_template_launches_rasid_run():
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, DEPLOY / "dataflow" / "launch.py", "--output", ""]
    done = subprocess.run(command, cwd="/", env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "rasid: --output: empty\n")


def licences():
    spec = importlib.util.spec_from_file_location("licences", DEPLOY / "licences.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_licence_list_is_current():
    module = licences()
    rows = dict(
        re.findall(r"^\| (\S+) \| (.+) \|$", (DEPLOY / "licences.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    rows.pop("Package", None)
    assert set(rows) - {"---"} == {pin.name for pin in module.locked_packages()}, "python deploy/licences.py"
    for requirement in required():
        found = module.licence_of(module.distribution(requirement.name))
        assert rows[canonicalize_name(requirement.name)] == found, "python deploy/licences.py"
        assert found != "not stated"
