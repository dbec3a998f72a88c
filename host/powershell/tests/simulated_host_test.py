"""passbench-sim-host answers as the transcripts of contract/ say.

python -m pytest simulated_host_test.py      with PASSBENCH_SIM_HOST = the program
"""

import json
import os
import pathlib
import re
import subprocess
from typing import Any

import pytest
from powershell_syntax import FOLDER

HOSTS = FOLDER.parent / "simulated" / "hosts"
SENTINEL = "##passbench "
KINDS = {"text": str, "int": int, "bool": bool, "list": list, "null": type(None), "anything": object}


def is_met(expected: Any, value: Any) -> bool:
    """The forms of contract/README.md."""
    if isinstance(expected, list):
        if not isinstance(value, list) or len(value) != len(expected):
            return False
        return all(is_met(one, other) for one, other in zip(expected, value, strict=True))
    if not isinstance(expected, dict):
        return type(expected) is type(value) and expected == value
    if set(expected) == {"any"}:
        return isinstance(value, KINDS[expected["any"]])
    if set(expected) == {"like"}:
        pattern = ".*".join(re.escape(part) for part in expected["like"].split("*"))
        return isinstance(value, str) and re.fullmatch(pattern, value, re.DOTALL) is not None
    members = expected["some"] if set(expected) == {"some"} else expected
    if not isinstance(value, dict) or (members is expected and set(members) != set(value)):
        return False
    return all(key in value and is_met(wanted, value[key]) for key, wanted in members.items())


def ask(requests: list[dict[str, Any]], host: str, folder: pathlib.Path) -> list[dict[str, Any]]:
    """All requests on one process; the replies in their order."""
    command = [
        os.environ["PASSBENCH_SIM_HOST"],
        "--state",
        str(folder / "state.json"),
        "--host",
        str(HOSTS / f"{host}.json"),
    ]
    lines = [json.dumps(request | {"id": number}) for number, request in enumerate(requests)]
    done = subprocess.run(
        command, input="\n".join(lines) + "\n", capture_output=True, text=True, timeout=60, check=False
    )
    documents = [
        json.loads(line.removeprefix(SENTINEL)) for line in done.stdout.splitlines() if line.startswith(SENTINEL)
    ]
    assert len(documents) == len(requests) + 1, f"{done.stdout}\n{done.stderr}"
    assert documents[0]["simulated"] is True
    return documents[1:]


def cases() -> list[Any]:
    found = []
    for path in sorted((FOLDER / "contract").glob("*.json")):
        transcript = json.loads(path.read_text(encoding="utf-8"))
        found += [
            pytest.param(transcript["function"], case, id=f"{path.stem}: {case['name']}")
            for case in transcript["cases"]
            if "simulated" in case.get("held", ["simulated"])
        ]
    return found


def problem(wanted: Any, reply: Any) -> str | None:
    if reply["ok"] != wanted["ok"]:
        return f"expected {wanted}, got {reply}"
    if reply["ok"]:
        return None if is_met(wanted["value"], reply["value"]) else f"expected {wanted['value']}, got {reply['value']}"
    error = reply["error"] | {"id": reply["error"].get("id", "").split(",")[0]}
    return None if is_met({"some": wanted["error"]}, error) else f"expected {wanted['error']}, got {error}"


@pytest.mark.parametrize(("function", "case"), cases())
def test_the_simulated_host_answers_so(function: str, case: dict[str, Any], tmp_path: pathlib.Path) -> None:
    before = case.get("before", [])
    requests = [
        {"function": request.get("function", function), "arguments": request["arguments"]}
        for request in case["requests"]
    ]
    replies = ask(before + requests, case["host"], tmp_path)
    assert [reply for reply in replies[: len(before)] if not reply["ok"]] == []
    for request, reply in zip(case["requests"], replies[len(before) :], strict=True):
        assert problem(request["reply"], reply) is None
