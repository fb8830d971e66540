import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = [
    Requirement(line)
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for line in lines
]
PINS = [
    line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")
]


def pinned_versions() -> dict[str, str]:
    return {canonicalize_name(name): version for name, _, version in (pin.partition("==") for pin in PINS)}


def test_constraints_name_packages_and_versions_and_no_address() -> None:
    assert [pin for pin in PINS if not re.fullmatch(r"[\w.-]+==[\w.+!]+", pin)] == []


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=str)
def test_every_requirement_is_pinned_to_a_version_that_it_allows(requirement: Requirement) -> None:
    assert pinned_versions()[canonicalize_name(requirement.name)] in requirement.specifier


def test_the_environment_of_developers_has_every_extra() -> None:
    extras = PROJECT["optional-dependencies"]
    assert [line for lines in extras.values() for line in lines if line not in extras["dev"]] == []


@pytest.mark.parametrize(
    "path", [".ci/run", "scripts/make-venv", "scripts/pin-versions", "scripts/system-packages"]
)
def test_scripts_are_executable_and_parse(path: str) -> None:
    script = ROOT / path
    assert os.access(script, os.X_OK)
    shell = script.read_text("utf-8").splitlines()[0].split("/")[-1].split()[-1]
    subprocess.run([shell, "-n", str(script)], check=True)


def test_no_python_old_enough_to_fail_later_is_taken_to_make_an_environment(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    answer = subprocess.run(
        [str(ROOT / "scripts/make-venv"), str(tmp_path / "venv")],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "no Python 3.11 or newer found" in answer.stderr
    assert not (tmp_path / "venv").exists()
