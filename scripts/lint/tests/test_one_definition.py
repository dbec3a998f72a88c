"""Types of the same name in small trees: what C++ would take for one is named, what it would not is left alone."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))
import one_definition


def found(root: pathlib.Path, first: str, second: str) -> list[str]:
    """What is said of two files with these texts in namespace `ours`."""
    for name, text in (("a.hpp", first), ("b.cpp", second)):
        (root / name).write_text(f"namespace ours {{\n{text}\n}}  // namespace ours\n", encoding="ascii")
    return one_definition.check(root, ["a.hpp", "b.cpp"])


@pytest.mark.parametrize(
    "second",
    [
        "struct Twin {\n};",
        "class Twin : public Base {\n};",
        "class Twin final : public Base {\n};",
        "enum class Twin { a };",
        "template <typename T> struct Twin {\n};",
        "namespace {\n}  // namespace\nstruct Twin {\n};",
    ],
)
def test_a_second_type_of_a_name_is_named_with_the_first(tmp_path, second):
    messages = found(tmp_path, "struct Twin {\n    int a;\n};", second)
    assert len(messages) == 1
    assert messages[0].startswith("b.cpp:")
    assert "ours::Twin is defined at a.hpp:2 too" in messages[0]


@pytest.mark.parametrize(
    "second",
    [
        "struct Other {\n};",
        "struct Twin;",
        "struct Twin;  // a.hpp",
        "namespace {\nstruct Twin {\n};\n}  // namespace",
        "namespace tests {\nstruct Twin {\n};\n}  // namespace tests",
        "struct Other {\n    struct Twin {\n    };\n};",
        "class Twin::Impl {\n};",
        "Twin make() { return {}; }",
    ],
)
def test_what_is_another_type_or_none_is_left_alone(tmp_path, second):
    assert found(tmp_path, "struct Twin {\n    int a;\n};", second) == []
