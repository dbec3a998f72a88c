"""scripts/lint.sh proves itself: in a small clean tree it is silent, and each kind of mistake planted there fails it.

The tree is a repository of its own with this repository's lint.sh and configuration, so that what is tried is what
checks the real tree.
"""

import json
import pathlib
import shutil
import subprocess

import pytest

REPO = pathlib.Path(__file__).resolve().parents[3]

HEADER = """\
// Doubles a number.
#pragma once

namespace passbench {

[[nodiscard]] int doubled(int number);

}  // namespace passbench
"""
COUNTER = """\
class Counter {
public:
    [[nodiscard]] int value() const { return count; }

private:
    int count = 0;
};

"""
SOURCE = """\
#include "harness/core/twice.hpp"

namespace passbench {

int doubled(int number) { return 2 * number; }

}  // namespace passbench
"""


def has_the_linters() -> bool:
    """False on Debian releases after 12 alone, which have no clang 14; anywhere else a missing linter is a failure."""
    release = pathlib.Path("/etc/os-release").read_text(encoding="utf-8")
    return shutil.which("clang-tidy-14") is not None or "VERSION_CODENAME=trixie" not in release


pytestmark = pytest.mark.skipif(not has_the_linters(), reason="this release packages no clang 14")


class Tree:
    def __init__(self, root: pathlib.Path) -> None:
        self.root = root
        for name in (
            ".clang-format",
            ".clang-tidy",
            "ruff.toml",
            "scripts/lint.sh",
            "scripts/lint/include_rules.py",
            "scripts/lint/one_definition.py",
        ):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPO / name, root / name)
        shutil.copytree(REPO / "scripts/lib", root / "scripts/lib", ignore=shutil.ignore_patterns("__pycache__"))
        (root / ".venv").symlink_to(REPO / ".venv")
        (root / ".gitignore").write_text("/.venv\n/build/\n", encoding="ascii")
        self.git("init", "--quiet")
        self.write("harness/core/twice.hpp", HEADER)
        self.write("harness/core/twice.cpp", SOURCE)
        self.compile("harness/core/twice.cpp")
        self.commit()

    def git(self, *arguments: str) -> None:
        name = ("-c", "user.name=lint", "-c", "user.email=lint@localhost", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *name, *arguments], cwd=self.root, check=True)

    def write(self, file: str, text: str) -> None:
        (self.root / file).parent.mkdir(parents=True, exist_ok=True)
        (self.root / file).write_text(text, encoding="ascii")
        self.git("add", file)

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a state")

    def compile(self, *files: str) -> None:
        """Notes how the files are compiled, where clang-tidy looks for it, in the form that CMake writes."""
        commands = [
            {"directory": str(self.root), "command": f"c++ -std=c++20 -I{self.root} -c {self.root}/{file}"}
            | {"file": f"{self.root}/{file}"}
            for file in files
        ]
        for preset in ("debug", "release"):
            (self.root / "build" / preset).mkdir(parents=True, exist_ok=True)
            database = self.root / "build" / preset / "compile_commands.json"
            database.write_text(json.dumps(commands, indent=2), encoding="ascii")

    def lint(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [str(self.root / "scripts/lint.sh"), *arguments], cwd=self.root, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


def test_a_clean_tree_passes(tree):
    code, output = tree.lint("--all")
    assert code == 0, output
    assert "clang-tidy: ok" in output


def test_a_wrong_include_fails(tree):
    tree.write("harness/records/late.hpp", "#pragma once\n")
    tree.write(
        "harness/core/twice.cpp", SOURCE.replace('twice.hpp"\n', 'twice.hpp"\n\n#include "harness/records/late.hpp"\n')
    )
    code, output = tree.lint()
    assert code == 1
    assert "harness/core/twice.cpp:3: harness/core must not include harness/records" in output


def test_a_heavy_header_in_a_header_fails(tree):
    tree.write("harness/core/twice.hpp", HEADER.replace("once\n", "once\n\n#include <nlohmann/json.hpp>\n"))
    code, output = tree.lint()
    assert code == 1
    assert "harness/core/twice.hpp:4: <nlohmann/json.hpp> is heavy" in output


def test_a_wrongly_named_function_fails(tree):
    tree.write("harness/core/twice.hpp", HEADER.replace("doubled", "DoubledIt"))
    tree.write("harness/core/twice.cpp", SOURCE.replace("doubled", "DoubledIt"))
    code, output = tree.lint()
    assert code == 1
    assert "invalid case style for function 'DoubledIt'" in output


def test_a_class_member_without_its_underscore_fails(tree):
    tree.write("harness/core/twice.hpp", HEADER.replace("[[nodiscard]] int d", COUNTER + "[[nodiscard]] int d"))
    code, output = tree.lint()
    assert code == 1
    assert "invalid case style for private member 'count'" in output


def test_a_warning_in_a_changed_header_alone_is_found_through_the_source_that_includes_it(tree):
    tree.write("harness/core/only.hpp", "#pragma once\n\ninline int* nothing() { return nullptr; }\n")
    tree.write("harness/core/user.cpp", '#include "harness/core/only.hpp"\n')
    tree.compile("harness/core/twice.cpp", "harness/core/user.cpp")
    tree.commit()
    tree.write("harness/core/only.hpp", "#pragma once\n\ninline int* nothing() { return 0; }\n")
    code, output = tree.lint()
    assert code == 1
    assert "modernize-use-nullptr" in output


def test_what_did_not_change_is_looked_at_with_all_only(tree):
    tree.write("harness/core/old.cpp", "int* nothing() { return 0; }\n")
    tree.compile("harness/core/twice.cpp", "harness/core/old.cpp")
    tree.commit()
    tree.write("harness/core/twice.cpp", SOURCE.replace("2 * number", "number * 2"))
    tree.commit()
    assert tree.lint()[0] == 0
    code, output = tree.lint("--all")
    assert code == 1
    assert "modernize-use-nullptr" in output


def test_a_misformatted_file_fails_and_fix_puts_it_right(tree):
    tree.write("harness/core/twice.cpp", SOURCE.replace("{ return 2 * number; }", "{   return 2*number;}"))
    code, output = tree.lint()
    assert code == 1
    assert "harness/core/twice.cpp:5" in output
    assert "clang-format-violations" in output
    assert tree.lint("--fix")[0] == 0
    assert (tree.root / "harness/core/twice.cpp").read_text(encoding="ascii") == SOURCE


def test_a_python_mistake_fails(tree):
    tree.write("scripts/tool.py", "import os\n")
    code, output = tree.lint()
    assert code == 1
    assert "F401" in output


def test_misformatted_python_fails(tree):
    tree.write("scripts/tool.py", "x = [1,2]\n")
    code, output = tree.lint()
    assert code == 1
    assert "x = [1, 2]" in output


def test_a_shell_mistake_fails(tree):
    tree.write("scripts/tool.sh", "#!/bin/sh\ncat $1\n")
    code, output = tree.lint()
    assert code == 1
    assert "SC2086" in output


def test_paths_narrow_what_is_looked_at(tree):
    tree.write("harness/core/twice.cpp", SOURCE.replace("{ return", "{   return"))
    assert tree.lint("harness/core/twice.hpp")[0] == 0
    assert tree.lint("harness/core")[0] == 1


@pytest.mark.parametrize("argument", ["--evry", "no/such/file"])
def test_an_argument_that_makes_no_sense_is_named(tree, argument):
    code, output = tree.lint(argument)
    assert code == 2
    assert argument in output
