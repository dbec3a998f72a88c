#!/usr/bin/env python3
"""Writes the pages of docs/ that are made from the program's own data: docs.py PASSBENCH FOLDER

docs/workloads.md from the catalogue (`passbench help workloads --json`) and the ratios of docs/evidence/ratios*.json
(written by passbench-ratios --out), docs/errors.md from the error codes and findings. With --check nothing is
written, and the exit code is 1 where a page is not what would be written.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

WIDTH = 120


def ask(passbench: Path, topic: str) -> list[dict[str, Any]]:
    """The list of a help topic, as the program knows it."""
    done = subprocess.run([passbench, "help", topic, "--json"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["data"][topic]


def paragraph(text: str, indent: str = "") -> str:
    """Words wrapped; `indent` stands before all lines but the first. Names are never broken."""
    return textwrap.fill(text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table of Markdown; a bar within a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def byte_text(count: int) -> str:
    """67108864 is "64 MiB"."""
    for unit, size in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= size and count % size == 0:
            return f"{count // size} {unit}"
    return f"{count} B"


def meaning(parameter: dict[str, Any], forms: list[str]) -> str:
    """What a parameter means, with the forms that have it and where it has a meaning."""
    text = parameter["meaning"]
    if parameter["forms"] != forms:
        text += f" (form {', '.join(parameter['forms'])} only)"
    if "only_where" in parameter:
        where = parameter["only_where"]
        text += f" (where {where['parameter']} is one of {', '.join(where['words'])})"
    return text


def workload_section(workload: dict[str, Any], ratios: list[list[str]]) -> str:
    """All that is known of one workload."""
    forms = workload["forms"]
    parameters = [
        [
            f"`{each['name']}`",
            each["takes"],
            byte_text(each["default"])
            if each["unit"] == "B" and isinstance(each["default"], int)
            else str(each["default"]),
            meaning(each, forms),
        ]
        for each in workload.get("parameters", [])
    ]
    metrics = [
        [
            f"`{each['name']}`",
            each["unit"],
            each["kind"],
            each["better"],
            ", ".join(f for f in each["forms"] if f in forms),
        ]
        for each in workload["metrics"]
    ]
    parts = [
        f"## {workload['name']}\n\n{paragraph(workload['title'] + '.')}\n"
        f"Version {workload['version']}, forms: {', '.join(forms)}.\n",
        paragraph(workload["measures"]) + "\n",
    ]
    if parameters:
        parts.append(table(["parameter", "takes", "default", "meaning"], parameters))
    parts.append(table(["metric", "unit", "kind", "better", "forms"], metrics))
    facts = [
        f"**Limit, {each['form']}**: {each['kind']}" + (f": {each['formula']}" if each["formula"] else "") + "."
        for each in workload["limits"]
    ]
    if "line" in workload:
        facts.append(f"**Line**: {workload['line']}")
    facts += [
        f"**{title}**: {workload[key]}"
        for title, key in (
            ("Check", "check"),
            ("CPU form", "cpu_form"),
            ("Expected to react to DDA and GPU-PV (a hypothesis)", "sensitivity"),
            ("Sources", "sources"),
        )
        if workload[key]
    ]
    parts.append("\n".join(paragraph("- " + fact, "  ") for fact in facts) + "\n")
    measured = table(["beside its rival, on", "measured", "ratio", "goal"], ratios) if ratios else ""
    if "cuda" in forms:
        measured += "\nOn a GPU: no GPU at hand.\n" if measured else "Beside a rival on a GPU: no GPU at hand.\n"
    return "\n".join([*parts, measured])


def ratio_rows(documents: list[dict[str, Any]], workload: str) -> list[list[str]]:
    """The ratios of this workload, of all machines."""
    return [
        [
            f"{document['cpu']}, {document['cpus']} CPUs",
            each["what"],
            f"{each['ratio']:.2f}",
            f"at least {each['at_least']:.2f}" if "at_least" in each else "",
        ]
        for document in documents
        for each in document["ratios"]
        if each["workload"] == workload
    ]


def workloads_page(passbench: Path, evidence: Path) -> str:
    """docs/workloads.md"""
    catalogue = ask(passbench, "workloads")
    documents = [json.loads(path.read_text()) for path in sorted(evidence.glob("ratios*.json"))]
    index = table(
        ["workload", "forms", "what it is"],
        [[f"[{each['name']}](#{each['name']})", ", ".join(each["forms"]), each["title"]] for each in catalogue],
    )
    return (
        "# Workloads\n\n"
        + paragraph(
            "Made by scripts/docs.py from the catalogue (`passbench help workloads`, `passbench help NAME`). The "
            "ratios are of `passbench-ratios`: medians of rounds taken in turns in one process, on machines that "
            "others use too."
        )
        + "\n\n"
        + index
        + "\n"
        + "\n".join(workload_section(each, ratio_rows(documents, each["name"])) for each in catalogue)
    )


def room_and_number(finding: dict[str, Any]) -> tuple[int, int]:
    """E2 comes before E10, and both before D1."""
    return "EDP".index(finding["number"][0]), int(finding["number"][1:])


def signs_text(finding: dict[str, Any]) -> str:
    """By what a failure of the catalogue is recognised; what can be planted of it is a sign in these words."""
    if "not_plantable" in finding:
        return "not recognised, see below"
    return ("passed over: " if finding["is_harmless"] else "") + "; or ".join(finding["signs"])


def failure_catalogue(findings: list[dict[str, Any]]) -> str:
    """The failures that are known of EFLOW, DDA and GPU-PV, by number, and those of which no sign can be planted."""
    rows = sorted((each for each in findings if "number" in each), key=room_and_number)
    not_plantable = [each for each in rows if "not_plantable" in each]
    return (
        "\n## Failure catalogue\n\n"
        + paragraph(
            f"The {len(rows)} failures that are known of EFLOW (E), DDA (D), GPU-PV and WSL (P), with their signs: "
            "words of the host, of commands in the guest and of its kernel, codes, and states. Words are looked for "
            "whatever their case. Each sign is planted in host/signs/tests/planted.json, and a test holds that exactly "
            "its finding is recognised. Planted is the sign alone: no failure was brought about on a host to see it. "
            "Where two failures can show one sign, a state decides, or the one that is the cause of the other is "
            "named. Where no words are known of a failure, any will do that no other sign explains."
        )
        + "\n\n"
        + table(
            ["number", "finding", "recognised by", "source"],
            [[each["number"], f"`{each['name']}`", signs_text(each), each["source"]] for each in rows],
        )
        + "\n## What cannot be planted\n\n"
        + paragraph(
            f"Of the {len(rows)} failures {len(rows) - len(not_plantable)} are planted by their signs. The others have "
            "a finding, which `passbench help` explains, and no sign:"
        )
        + "\n\n"
        + table(
            ["number", "finding", "why"],
            [[each["number"], f"`{each['name']}`", each["not_plantable"]] for each in not_plantable],
        )
    )


def errors_page(passbench: Path) -> str:
    """docs/errors.md"""
    codes = [[f"`{each['name']}`", str(each["exit"]), each["cause"], each["cure"]] for each in ask(passbench, "codes")]
    findings = ask(passbench, "findings")
    return (
        "# Errors and findings\n\n"
        + paragraph(
            "Made by scripts/docs.py from what `passbench help codes` and `passbench help findings` show. An error has "
            "a code, which decides the exit code; where its cause is a known one it also has a finding."
        )
        + "\n\n## Codes\n\n"
        + table(["code", "exit", "cause", "cure"], codes)
        + "\n## Findings\n\n"
        + table(
            ["finding", "number", "cause", "cure"],
            [[f"`{each['name']}`", each.get("number", ""), each["cause"], each["cure"]] for each in findings],
        )
        + failure_catalogue(findings)
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("passbench", type=Path, help="the program, e.g. build/release/bin/passbench")
    parser.add_argument("folder", type=Path, help="docs")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 where a page is out of date")
    arguments = parser.parse_args()
    pages = {
        "workloads.md": workloads_page(arguments.passbench, arguments.folder / "evidence"),
        "errors.md": errors_page(arguments.passbench),
    }
    stale = []
    for name, text in pages.items():
        path = arguments.folder / name
        if arguments.check:
            if not path.exists() or path.read_text() != text:
                stale.append(str(path))
        else:
            arguments.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale:
        print(
            f"out of date: {', '.join(stale)}; run scripts/docs.py {arguments.passbench} {arguments.folder}",
            file=sys.stderr,
        )
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
