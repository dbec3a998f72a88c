"""Who may include whom. The tables below are the rules; the rest only applies them.

    python include_rules.py ROOT [FILE...]

Prints `file:line: message` for each include that breaks a rule, with what to do, and exits 1 if there is one. Without
FILEs it checks all C++ and CUDA files that git tracks in ROOT.
"""

import fnmatch
import pathlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

HARNESS_DATA = ("harness/core", "harness/catalogue", "harness/records")
HARNESS_STAGES = (*HARNESS_DATA, "harness/scenario", "harness/plan", "harness/stats", "harness/load")
HARNESS = (*HARNESS_STAGES, "harness/judge", "harness/report")
KERNELS = ("kernels", "kernels/cpu", "kernels/cuda", "kernels/emulation", "kernels/inference")

# Each room and the rooms it may include besides itself. A file belongs to the longest room that begins its path, so
# FOLDER/tests has the rules of FOLDER. Reading downwards is the direction in which a scenario becomes a verdict.
ROOMS = {
    "harness/core": (),
    "harness/catalogue": ("harness/core",),
    "harness/records": ("harness/core", "harness/catalogue"),
    "harness/scenario": HARNESS_DATA,
    "harness/plan": (*HARNESS_DATA, "harness/scenario"),
    "harness/stats": HARNESS_DATA,
    "harness/load": HARNESS_DATA,
    "harness/judge": HARNESS_STAGES,
    "harness/report": (*HARNESS_STAGES, "harness/judge"),
    "kernels": HARNESS,
    "kernels/cpu": (*HARNESS, "kernels"),
    "kernels/cuda": (*HARNESS, "kernels", "kernels/cpu"),  # inputs and expected results are those of the cpu forms
    "kernels/emulation": (*HARNESS, "kernels", "kernels/cuda"),  # kernel.cuh, which its kernels are written with
    "kernels/inference": (*HARNESS, "kernels"),
    "kernels/forms": (*HARNESS, *KERNELS),
    "kernels/bench": (*HARNESS, *KERNELS),
    "kernels/tests": (*HARNESS, *KERNELS),
    "guest": (*HARNESS, *KERNELS),
    "guest/agent/bench": (*HARNESS, *KERNELS, "kernels/bench", "guest"),  # our layers beside bare calls
    "host/survey": HARNESS,
    "host/signs": (*HARNESS, "host/survey"),  # the names of what a survey says
    "host/engine": HARNESS,
    "host/carriers": (*HARNESS, "host/engine"),
    "host/powershell": (*HARNESS, "host/survey", "host/carriers"),  # its process begins as any child does
    "host/simulated": (*HARNESS, "host/survey", "host/engine", "host/powershell"),  # plays a host
    # A lease says by what carrier its guest is reached, and how its host is spoken to.
    "host/providers": (*HARNESS, "host/survey", "host/signs", "host/engine", "host/carriers", "host/powershell"),
    "host/providers/bench": (
        *HARNESS,
        "host/engine",
        "host/powershell",
        "host/providers",
        "host/simulated",
    ),
    "host/providers/tests": (
        *HARNESS,
        "host/survey",
        "host/signs",
        "host/engine",
        "host/carriers",
        "host/powershell",
        "host/providers",
        "host/simulated",
    ),
    "host/session": (*HARNESS, "host/engine", "host/carriers", "host/providers"),
    "host/cli": (
        *HARNESS,
        "host/survey",
        "host/signs",
        "host/engine",
        "host/carriers",
        "host/providers",
        "host/session",
    ),
    "host/tests": (
        *HARNESS,
        "host/engine",
        "host/carriers",
        "host/powershell",
        "host/providers",
        "host/session",
        "host/cli",
    ),
    "host/python": (*HARNESS, "host/engine", "host/carriers", "host/providers", "host/session"),
}

# The first folders of our own includes.
PROJECT = ("harness/", "kernels/", "guest/", "host/")

# Headers that cost seconds in every file that sees them: in .cpp files only.
HEAVY = ("CLI/*", "nlohmann/json.hpp", "toml++/*", "toml.hpp")

# (file, include as written) that may break a rule, and why. Patterns as in a shell.
EXCEPTIONS = {
    ("harness/records/json_codec.hpp", "nlohmann/json.hpp"): "what the codecs share; only their .cpp files include it",
}

SUFFIXES = (".hpp", ".h", ".cuh", ".cpp", ".cc", ".cu")
HEADER_SUFFIXES = (".hpp", ".h", ".cuh")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


@dataclass(frozen=True)
class Include:
    file: str  # from the root, with slashes
    line: int
    quoted: bool
    target: str  # as written


def includes(root: pathlib.Path, file: str) -> Iterator[Include]:
    text = (root / file).read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        if match := INCLUDE.match(line):
            yield Include(file, number, match[1] == '"', match[2])


def room_of(path: str) -> str | None:
    """The longest room that the path is in; None if it is in none."""
    inside = [room for room in ROOMS if path.startswith(room + "/")]
    return max(inside, key=len, default=None)


def is_excepted(include: Include) -> bool:
    return any(
        fnmatch.fnmatch(include.file, file) and fnmatch.fnmatch(include.target, target) for file, target in EXCEPTIONS
    )


def problem(root: pathlib.Path, include: Include) -> str | None:
    """What is wrong with an include, with the way to put it right; None if nothing is."""
    target = include.target
    if ".." in target.split("/"):
        return f'"{target}" climbs out of its folder: write the path from the root, as in "harness/core/result.hpp"'
    is_header = include.file.endswith(HEADER_SUFFIXES)
    if is_header and any(fnmatch.fnmatch(target, heavy) for heavy in HEAVY):
        return f"<{target}> is heavy and this is a header: include it in the one .cpp that needs it"
    if not target.startswith(PROJECT):
        if include.quoted:
            return f'"{target}" is not from the root: ours are written "room/folder/file.hpp", others in <>'
        return None
    if not include.quoted:
        return f"<{target}> is ours: write it in quotes"
    here, there = room_of(include.file), room_of(target)
    if there is None:
        return f'"{target}" is in no room that has a rule: add its folder to ROOMS in scripts/lint/include_rules.py'
    if here is None:
        return f"{include.file} is in no room that has a rule: add its folder to ROOMS in scripts/lint/include_rules.py"
    if there != here and there not in ROOMS[here]:
        allowed = ", ".join(ROOMS[here]) or "nothing else of ours"
        return f'{here} must not include {there} ("{target}"); it may include: {allowed}'
    if not (root / target).exists():
        return f'"{target}" does not exist'
    return None


def tracked(root: pathlib.Path) -> list[str]:
    listing = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], check=True, capture_output=True, text=True)
    present = (name for name in listing.stdout.split("\0") if name and (root / name).is_file())
    return sorted({name for name in present if name.endswith(SUFFIXES) and name.startswith(PROJECT)})


def check(root: pathlib.Path, files: list[str]) -> list[str]:
    found = []
    for file in files:
        for include in includes(root, file):
            message = None if is_excepted(include) else problem(root, include)
            if message is not None:
                found.append(f"{include.file}:{include.line}: {message}")
    return found


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    root = pathlib.Path(arguments[0])
    found = check(root, arguments[1:] or tracked(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
