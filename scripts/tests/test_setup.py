"""What scripts/setup.sh promises, tried on a copy, with stand-ins for the machine's programs: nothing is installed."""

import os
import pathlib
import shutil
import subprocess
import time

import pytest

REPO = pathlib.Path(__file__).resolve().parents[2]


class Machine:
    """A copy of the set-up in a folder of its own, with a folder of stand-ins first on PATH."""

    def __init__(self, root: pathlib.Path) -> None:
        self.root = root / "repository"
        self.programs = root / "programs"
        self.programs.mkdir()
        shutil.copytree(REPO / "scripts", self.root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(REPO / "requirements", self.root / "requirements")
        (self.root / "build").mkdir()
        (self.root / "build/agent-sysroot.absent").touch()
        self.libraries("exit 1  # no network")
        (self.root / "build/guest-libraries.absent").write_text("old\n", encoding="ascii")

    def libraries(self, fetch: str, wanted: str = "old") -> None:
        """A stand-in for what fetches the CPU libraries."""
        path = self.root / "scripts/lib/guest_libraries.sh"
        path.write_text(f'#!/bin/sh\n[ "$1" != wanted ] || {{ echo {wanted}; exit; }}\n{fetch}\n', encoding="ascii")

    def program(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
        path.chmod(0o755)

    def setup(self, *arguments: str, **variables: str) -> tuple[int, str]:
        environment = {**os.environ, "PATH": f"{self.programs}:{os.environ['PATH']}", **variables}
        command = [str(self.root / "scripts/setup.sh"), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.stdout == ""  # the stdout of scripts/run.sh is passbench's own
        return done.returncode, done.stderr


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


def test_without_installing_it_lists_the_commands_and_changes_nothing(machine):
    machine.program("dpkg-query", "exit 1")  # knows no package
    code, output = machine.setup("test", PASSBENCH_NO_INSTALL="1")
    assert code == 4
    assert "apt-get install -y --no-install-recommends" in output
    for package in ("g++", "libgtest-dev", "shellcheck"):
        assert f" {package} " in output
    assert "/usr/bin/python3 -m venv --clear .venv" in output
    assert ".venv/bin/python -m pip install -r requirements/test.txt" in output
    assert not (machine.root / ".venv").exists()


def test_only_what_is_missing_is_listed(machine):
    machine.program("dpkg-query", '/usr/bin/dpkg-query "$@" | grep -v " ninja-build$"')
    _, output = machine.setup("run", PASSBENCH_NO_INSTALL="1")
    assert "missing packages: ninja-build\n" in output


def test_the_sets_for_running_and_smoke_need_neither_linters_nor_wine(machine):
    machine.program("dpkg-query", "exit 1")
    for name in ("run", "smoke"):
        _, output = machine.setup(name, PASSBENCH_NO_INSTALL="1")
        assert not any(package in output for package in ("clang", "shellcheck", "wine", "mingw", "chromium"))


def test_an_old_nvcc_does_not_count(machine):
    machine.program("nvcc", 'echo "Cuda compilation tools, release 12.4, V12.4.131"')
    _, output = machine.setup("run", PASSBENCH_NO_INSTALL="1", CUDA_HOME=str(machine.root))
    has_another = pathlib.Path("/usr/local/cuda/bin/nvcc").exists()
    assert ("missing: nvcc 13" in output) == (not has_another)
    assert ("-r requirements/cuda.txt" in output) == (not has_another)


def test_an_nvcc_that_cannot_compile_is_named_with_what_to_do(machine):
    machine.program("nvcc", '[ "$1" = --version ] && echo "cuda, release 13.1, V1" && exit 0; echo no cicc >&2; exit 1')
    code, output = machine.setup("run")
    assert code == 4
    assert f"{machine.programs}/nvcc cannot compile a trivial kernel" in output
    assert "no cicc" in output
    assert "take it off PATH" in output


def test_packages_without_root_and_sudo_end_with_the_command_for_root(machine):
    machine.program("dpkg-query", "exit 1")
    machine.program("id", "echo 1000")
    machine.program("sudo", "exit 1")
    code, output = machine.setup("run")
    assert code == 4
    assert "as root: apt-get update && apt-get install" in output


def test_an_interrupted_installation_of_python_packages_is_begun_anew(machine):
    venv = machine.root / ".venv"
    subprocess.run(["/usr/bin/python3", "-m", "venv", venv], check=True)
    assert "venv --clear" not in machine.setup("run", PASSBENCH_NO_INSTALL="1")[1]
    (venv / ".unfinished").touch()
    assert "venv --clear" in machine.setup("run", PASSBENCH_NO_INSTALL="1")[1]


def test_a_moved_python_environment_is_made_anew(machine):
    subprocess.run(["/usr/bin/python3", "-m", "venv", machine.root / "elsewhere"], check=True)
    (machine.root / "elsewhere").rename(machine.root / ".venv")
    assert "venv --clear" in machine.setup("run", PASSBENCH_NO_INSTALL="1")[1]


def test_cpu_libraries_are_asked_for_once_whether_they_can_be_had_or_not_and_again_when_others_are_wanted(machine):
    machine.program("dpkg-query", "printf 'installed %s\\n' \"$@\"")
    machine.program("nvcc", 'case $1 in --version) echo "cuda, release 13.1, V1" ;; esac')
    machine.libraries("echo no network; exit 1", wanted="new")
    code, output = machine.setup("run")
    assert code == 0
    assert "no network" in output
    assert "will be skipped" in output
    assert "ready for: run" in output
    assert machine.setup("run") == (0, "")

    folder = machine.root / "build/guest-libraries"
    machine.libraries('echo >>"$1.asked"; mkdir -p "$1"; "$0" wanted >"$1/wanted"', wanted="newer")
    for _ in range(2):
        assert machine.setup("run")[0] == 0
    assert folder.with_suffix(".asked").read_text(encoding="ascii") == "\n"
    assert not folder.with_suffix(".absent").exists()


def test_without_installing_the_cpu_libraries_are_named_as_not_needed(machine):
    machine.libraries("exit 1", wanted="new")
    machine.program("dpkg-query", "exit 1")
    _, output = machine.setup("run", PASSBENCH_NO_INSTALL="1")
    assert "not needed: build/guest-libraries" in output


@pytest.mark.parametrize("arguments", [("everything",), ("run", "test")])
def test_a_wrong_argument_is_named(machine, arguments):
    code, output = machine.setup(*arguments)
    assert code == 2
    assert "error:" in output
    assert "fix:" in output


def test_where_all_is_done_it_is_silent_and_quick():
    begun = time.monotonic()
    done = subprocess.run([REPO / "scripts/setup.sh", "run"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert time.monotonic() - begun < 3
