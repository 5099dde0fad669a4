"""The manifests of the Flink session cluster: they parse, fit one another, and use options that exist."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from pipeline.engine import beam_options
from pipeline.options import make_config
from pipeline.run import make_parser
from tests.end_to_end.test_streaming_flink import CHECKPOINTS, RESTARTS
from tests.servers import flink

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "flink"
OBJECTS = [
    one for path in sorted(FOLDER.glob("*.yaml")) for one in yaml.safe_load_all(path.read_text(encoding="utf-8"))
]
WORKLOADS = [one for one in OBJECTS if one["kind"] in ("Deployment", "Job")]


def named(kind, name):
    (found,) = [one for one in OBJECTS if (one["kind"], one["metadata"]["name"]) == (kind, name)]
    return found


def containers_of(workload):
    return workload["spec"]["template"]["spec"]["containers"]


def name_of(one):
    return one["metadata"]["name"]


def flink_properties():
    return yaml.safe_load(named("ConfigMap", "rasid-flink")["data"]["FLINK_PROPERTIES"])


def test_every_service_finds_its_pods_and_their_ports():
    services = [one for one in OBJECTS if one["kind"] == "Service"]
    assert len(services) == 2
    for service in services:
        (target,) = [
            one
            for one in WORKLOADS
            if one["spec"]["template"].get("metadata", {}).get("labels") == service["spec"]["selector"]
        ]
        open_ports = {port["containerPort"] for one in containers_of(target) for port in one.get("ports", [])}
        assert {port["port"] for port in service["spec"]["ports"]} == open_ports


@pytest.mark.parametrize("workload", WORKLOADS, ids=name_of)
def test_pods_are_bounded_and_their_volumes_exist(workload):
    pod = workload["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    volumes = {volume["name"] for volume in pod["volumes"]}
    for volume in pod["volumes"]:
        if "persistentVolumeClaim" in volume:
            named("PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"])
    for container in pod["containers"]:
        assert container["resources"]["limits"]["memory"]
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes
        for source in container.get("envFrom", []):
            named("ConfigMap", source["configMapRef"]["name"])
        if container["name"] != "workers":  # its image gives root up by itself
            assert {**pod["securityContext"], **container["securityContext"]}["runAsNonRoot"] is True


def test_checkpoints_are_on_and_outlive_a_pod():
    settings = flink_properties()
    assert settings["execution.checkpointing.interval"]
    assert settings["jobmanager.rpc.address"] == name_of(named("Service", "rasid-jobmanager"))
    mounts = [
        m["mountPath"]
        for w in ("rasid-jobmanager", "rasid-taskmanager")
        for c in containers_of(named("Deployment", w))
        for m in c["volumeMounts"]
    ]
    for name in ("state.checkpoints.dir", "state.savepoints.dir"):
        assert all(settings[name].startswith(f"file://{mount}/") for mount in mounts)


def test_the_versions_are_the_tested_ones():
    images = {container["name"]: container["image"] for one in WORKLOADS for container in containers_of(one)}
    assert images["jobmanager"] == images["taskmanager"] == f"flink:{flink.FLINK}-java17"
    assert images["job-server"] == f"apache/beam_flink1.19_job_server:{flink.JOB_SERVER}"


def test_the_job_names_the_cluster_with_options_that_exist():
    (container,) = containers_of(named("Job", "rasid-on-flink"))
    command, *arguments = container["args"]
    assert command == "run"
    parser = make_parser()
    args, rest = parser.parse_known_args(arguments)
    assert make_config(args).output.startswith("/data/")
    options = beam_options(rest, parser).get_all_options()
    for flag, port in (("job_endpoint", "jobs"), ("artifact_endpoint", "artifacts")):
        ports = {one["name"]: one["port"] for one in named("Service", "rasid-job-server")["spec"]["ports"]}
        assert options[flag] == f"rasid-job-server:{ports[port]}"
    task_managers = named("Deployment", "rasid-taskmanager")
    (pool,) = [one for one in containers_of(task_managers) if one["name"] == "workers"]
    assert options["environment_config"] == f"localhost:{pool['ports'][0]['containerPort']}"
    slots = flink_properties()["taskmanager.numberOfTaskSlots"]
    assert options["parallelism"] == task_managers["spec"]["replicas"] * slots


@pytest.mark.parametrize("page", ["README.md", "deploy/README.md"])
def test_the_streaming_command_outlives_a_task_manager(page):
    """With the options of the test that kills one."""
    text = (FOLDER.parents[1] / page).read_text(encoding="utf-8").replace("\\\n", " ")
    (command,) = re.findall(r"^ +(rasid run --streaming .*--runner=PortableRunner.*)$", text, re.M)
    flags = set(shlex.split(command))
    assert set(RESTARTS) <= flags
    assert {flag.split("=")[0] for flag in CHECKPOINTS} <= {flag.split("=")[0] for flag in flags}
