"""Prints the pins of requirement files that are not installed exactly so in this interpreter, one a line.

    python missing_requirements.py FILE...

Much faster than asking pip to install them again, which is what makes a repeated set-up quick.
"""

import importlib.metadata
import pathlib
import sys

from pip._vendor.packaging.requirements import Requirement


def pins(path: pathlib.Path) -> list[Requirement]:
    """The requirements of a file that apply to this interpreter, those of the files it names with -r included."""
    found = []
    for raw in path.read_text(encoding="ascii").splitlines():
        line = raw.split("#", 1)[0].strip()
        if line.startswith("-r "):
            found += pins(path.parent / line[3:].strip())
        elif line:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate():
                found.append(requirement)
    return found


def is_installed(requirement: Requirement) -> bool:
    try:
        return requirement.specifier.contains(importlib.metadata.version(requirement.name))
    except importlib.metadata.PackageNotFoundError:
        return False


def main(arguments: list[str]) -> int:
    for argument in arguments:
        for requirement in pins(pathlib.Path(argument)):
            if not is_installed(requirement):
                print(f"{requirement.name}{requirement.specifier}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
