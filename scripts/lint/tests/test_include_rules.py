"""The include rules against small trees: each rule is broken once and must be named, with the way to put it right."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import include_rules


def found(root: pathlib.Path, file: str, *lines: str) -> list[str]:
    """What the rules say about `file` with these lines, in a tree where every room has a header x.hpp."""
    for room in include_rules.ROOMS:
        (root / room).mkdir(parents=True, exist_ok=True)
        (root / room / "x.hpp").write_text("#pragma once\n", encoding="ascii")
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
    return include_rules.check(root, [file])


@pytest.mark.parametrize(
    ("file", "target"),
    [
        ("harness/core/a.cpp", "harness/records/x.hpp"),
        ("harness/catalogue/a.cpp", "harness/records/x.hpp"),
        ("harness/scenario/a.cpp", "harness/plan/x.hpp"),
        ("harness/stats/a.cpp", "harness/scenario/x.hpp"),
        ("harness/plan/a.cpp", "harness/judge/x.hpp"),
        ("harness/judge/a.cpp", "harness/report/x.hpp"),
        ("harness/core/a.cpp", "kernels/cpu/x.hpp"),
        ("kernels/cpu/a.cpp", "guest/x.hpp"),
        ("kernels/cpu/a.cpp", "kernels/bench/x.hpp"),
        ("kernels/cpu/a.cpp", "host/engine/x.hpp"),
        ("guest/a.cpp", "host/engine/x.hpp"),
        ("host/engine/a.cpp", "host/session/x.hpp"),
        ("host/carriers/a.cpp", "host/providers/x.hpp"),
        ("host/providers/a.cpp", "kernels/cpu/x.hpp"),
        ("host/session/a.cpp", "guest/x.hpp"),
        ("host/session/a.cpp", "host/cli/x.hpp"),
        ("host/python/a.cpp", "host/cli/x.hpp"),
    ],
)
def test_an_include_against_the_flow_is_named_with_both_rooms(tmp_path, file, target):
    messages = found(tmp_path, file, "// first line", f'#include "{target}"')
    assert len(messages) == 1
    assert messages[0].startswith(f"{file}:2: ")
    assert f"must not include {target.removesuffix('/x.hpp')}" in messages[0]


@pytest.mark.parametrize(
    ("file", "target"),
    [
        ("harness/records/a.hpp", "harness/catalogue/x.hpp"),
        ("harness/plan/a.cpp", "harness/scenario/x.hpp"),
        ("harness/report/export/a.cpp", "harness/judge/x.hpp"),
        ("kernels/cpu/a.cu", "kernels/x.hpp"),
        ("kernels/bench/a.cpp", "kernels/cpu/x.hpp"),
        ("guest/a.cpp", "kernels/cpu/x.hpp"),
        ("host/providers/a.hpp", "host/carriers/x.hpp"),
        ("host/cli/a.cpp", "host/session/x.hpp"),
        ("host/python/a.cpp", "host/session/x.hpp"),
        ("host/cli/tests/a.cpp", "host/cli/x.hpp"),
    ],
)
def test_an_include_along_the_flow_is_silent(tmp_path, file, target):
    assert found(tmp_path, file, f'#include "{target}"', "#include <vector>") == []


def test_a_room_may_include_itself():
    assert all(room not in allowed for room, allowed in include_rules.ROOMS.items())


@pytest.mark.parametrize("room", include_rules.ROOMS)
def test_no_two_rooms_include_each_other(room):
    for other in include_rules.ROOMS[room]:
        assert room not in include_rules.ROOMS[other]


def test_climbing_out_of_a_folder_is_an_error(tmp_path):
    assert "climbs out" in found(tmp_path, "harness/stats/a.cpp", '#include "../core/x.hpp"')[0]


def test_a_path_that_is_not_from_the_root_is_an_error(tmp_path):
    assert "not from the root" in found(tmp_path, "harness/core/a.cpp", '#include "x.hpp"')[0]


def test_our_own_header_in_angle_brackets_is_an_error(tmp_path):
    assert "write it in quotes" in found(tmp_path, "harness/stats/a.cpp", "#include <harness/core/x.hpp>")[0]


def test_a_header_that_does_not_exist_is_an_error(tmp_path):
    assert "does not exist" in found(tmp_path, "harness/core/a.cpp", '#include "harness/core/gone.hpp"')[0]


def test_a_folder_without_a_rule_is_an_error(tmp_path):
    assert "add its folder to ROOMS" in found(tmp_path, "harness/new/a.cpp", '#include "harness/core/x.hpp"')[0]
    assert "add its folder to ROOMS" in found(tmp_path, "harness/core/a.cpp", '#include "harness/new/x.hpp"')[0]


@pytest.mark.parametrize("heavy", ["CLI/CLI.hpp", "nlohmann/json.hpp", "toml++/toml.h"])
def test_a_heavy_header_is_refused_in_a_header_and_free_in_a_source(tmp_path, heavy):
    assert "is heavy" in found(tmp_path, "harness/records/a.hpp", f"#include <{heavy}>")[0]
    assert found(tmp_path, "harness/records/a.cpp", f"#include <{heavy}>") == []


def test_the_light_half_of_a_heavy_library_is_free(tmp_path):
    assert found(tmp_path, "harness/records/a.hpp", "#include <nlohmann/json_fwd.hpp>") == []


def test_an_exception_holds_for_its_file_alone(tmp_path):
    assert found(tmp_path, "harness/records/json_codec.hpp", "#include <nlohmann/json.hpp>") == []
    assert found(tmp_path, "harness/plan/json_codec.hpp", "#include <nlohmann/json.hpp>") != []


def test_every_exception_has_a_reason():
    assert all(len(reason.split()) >= 5 for reason in include_rules.EXCEPTIONS.values())
