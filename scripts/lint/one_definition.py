"""One type, one name: no two structs, classes or enums of the same name in the same namespace, wherever they are.

    python one_definition.py ROOT

C++ takes two such types for one, even where no file sees both: the linker keeps one of their inline functions and drops
the other, so that one type is destroyed by the destructor of another. Nothing warns. Prints `file:line: message` for
each definition after the first and exits 1 if there is one. Anonymous namespaces are each their own.
"""

import pathlib
import re
import sys

import include_rules

OPENING = re.compile(r"(?:inline )?namespace\s*([\w:]*)\s*\{")
CLOSING = re.compile(r"\}\s*//\s*namespace")
# At the beginning of a line: clang-format indents what is inside of a type or function, and not what is in a namespace.
DEFINITION = re.compile(
    r"(?:template <.*> )?(?:struct|class|union|enum class|enum) (?:\[\[\w+\]\] )?(\w+) (?:final )?(?:: |\{)"
)


def definitions(text: str) -> list[tuple[int, str]]:
    """Each type that others could see: its line and its whole name."""
    found = []
    namespaces: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if opening := OPENING.match(line):
            namespaces.append(opening[1])
        elif CLOSING.match(line) and namespaces:
            namespaces.pop()
        elif (definition := DEFINITION.match(line)) and "" not in namespaces:
            found.append((number, "::".join([*namespaces, definition[1]])))
    return found


def check(root: pathlib.Path, files: list[str]) -> list[str]:
    first: dict[str, str] = {}
    problems = []
    for file in files:
        for line, name in definitions((root / file).read_text(encoding="utf-8", errors="replace")):
            if name in first:
                problems.append(f"{file}:{line}: {name} is defined at {first[name]} too: give one of them another name")
            else:
                first[name] = f"{file}:{line}"
    return problems


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(arguments[0])
    found = check(root, include_rules.tracked(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
