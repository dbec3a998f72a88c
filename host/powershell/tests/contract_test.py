"""The transcripts of contract/ have the form of its README, and say of the module what its syntax says it can do.

    python -m pytest contract_test.py

Whether the module answers so, contract/run.ps1 shows where there is a PowerShell.
"""

import json
from typing import Any

import powershell_syntax
import pytest
from powershell_syntax import ALLOWED, FOLDER, FUNCTIONS, MODULE

HOSTS = FOLDER.parent / "simulated" / "hosts"
KINDS = {"text", "int", "bool", "list", "null", "anything"}


@pytest.fixture(scope="module")
def module() -> dict[str, powershell_syntax.Script]:
    return powershell_syntax.module()


def transcripts() -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (FOLDER / "contract").glob("*.json")}


def check_keys(value: Any, required: set[str], optional: set[str], where: str) -> None:
    assert isinstance(value, dict), where
    assert required <= set(value) <= required | optional, f"{where}: {sorted(value)}"


def check_expectation(value: Any, where: str) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            check_expectation(item, f"{where}[{index}]")
    elif isinstance(value, dict):
        if set(value) == {"any"}:
            assert value["any"] in KINDS, where
        elif set(value) == {"like"}:
            assert "*" in str(value["like"]), where
        else:
            for key, item in (value["some"] if set(value) == {"some"} else value).items():
                check_expectation(item, f"{where}.{key}")
    else:
        assert value is None or isinstance(value, (str, int, bool)), where


def check_arguments(function: str, arguments: Any, reply: Any, where: str) -> None:
    """What is not among the function's arguments, or no scalar, is there only to be refused."""
    assert function in FUNCTIONS, where
    fits = set(arguments) <= set(FUNCTIONS[function]) and all(
        isinstance(value, (str, int, bool)) for value in arguments.values()
    )
    assert fits or reply.get("error", {}).get("id") == "PassBench.BadRequest", where


def check_reply(reply: Any, where: str) -> None:
    assert isinstance(reply.get("ok"), bool), where
    if reply["ok"]:
        check_keys(reply, {"ok", "value"}, set(), where)
        check_expectation(reply["value"], where)
        return
    check_keys(reply, {"ok", "error"}, set(), where)
    check_keys(reply["error"], set(), {"message", "id", "category", "hresult"}, where)
    assert reply["error"], where
    check_expectation(reply["error"], where)


def check_call(call: Any, where: str) -> None:
    check_keys(call, {"cmdlet", "parameters"}, {"answer", "error", "missing", "acts"}, where)
    assert ALLOWED["cmdlets"][call["cmdlet"]].get("host"), where
    check_expectation(call["parameters"], where)
    assert sum(key in call for key in ("answer", "error", "missing")) <= 1, where
    assert isinstance(call.get("answer", []), list), where
    if "error" in call:
        check_keys(call["error"], {"message", "id", "category"}, {"hresult"}, where)


def reachable(function: str, read: dict[str, powershell_syntax.Script]) -> dict[str, set[str]]:
    """The cmdlets that a function can come to, with the parameters that they are given there."""
    calls = [call for name in MODULE for call in read[name].calls]
    local = {name for script in read.values() for name in script.functions}
    seen, todo = set(), [function]
    found: dict[str, set[str]] = {}
    while todo:
        current = todo.pop()
        if current in seen:
            continue
        seen.add(current)
        for call in calls:
            if call.inside != current:
                continue
            if call.name in local:
                todo.append(call.name)
            else:
                found.setdefault(call.name, set()).update(call.parameters)
    return found


def check_request(transcript: Any, request: Any, held: list[str], read: Any, where: str) -> None:
    check_keys(request, {"arguments", "reply"}, {"function", "calls"}, where)
    function = request.get("function", transcript["function"])
    check_arguments(function, request["arguments"], request["reply"], where)
    check_reply(request["reply"], where)
    assert ("calls" in request) == ("module" in held), f"{where}: calls are what the module is held to"
    can_call = reachable(function, read)
    for index, call in enumerate(request.get("calls", [])):
        place = f"{where}, call {index}"
        check_call(call, place)
        name = call["cmdlet"]
        assert name in can_call, f"{place}: {function} never calls {name}"
        assert set(call["parameters"]) <= can_call[name] | {"words"}, f"{place}: {sorted(call['parameters'])}"


def test_each_function_has_its_transcripts() -> None:
    assert set(transcripts()) == set(FUNCTIONS)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_transcripts_have_the_stated_form(function: str, module: dict[str, powershell_syntax.Script]) -> None:
    transcript = transcripts()[function]
    check_keys(transcript, {"format", "version", "function", "cases"}, set(), function)
    assert (transcript["format"], transcript["version"]) == ("passbench.contract", 1)
    assert transcript["function"] == function
    names = [case["name"] for case in transcript["cases"]]
    assert len(set(names)) == len(names) > 0
    for case in transcript["cases"]:
        where = f"{function}: {case['name']}"
        check_keys(case, {"name", "host", "requests"}, {"source", "held", "before"}, where)
        held = case.get("held", ["module", "simulated"])
        assert held, where
        assert set(held) <= {"module", "simulated"}, where
        for request in case.get("before", []):
            check_keys(request, {"function", "arguments"}, set(), where)
            check_arguments(request["function"], request["arguments"], {}, where)
        assert case["requests"], where
        for number, request in enumerate(case["requests"], start=1):
            check_request(transcript, request, held, module, f"{where}, request {number}")


def test_every_cmdlet_that_touches_a_host_is_in_a_transcript() -> None:
    shown = {
        call["cmdlet"]
        for transcript in transcripts().values()
        for case in transcript["cases"]
        for request in case["requests"]
        for call in request.get("calls", [])
    }
    # Asked only of hosts that no transcript of the module is of: Windows 11, and one with a driver of NVIDIA.
    assert {name for name, entry in ALLOWED["cmdlets"].items() if entry.get("host")} - shown == {
        "Get-VMHostPartitionableGpu",
        "nvidia-smi.exe",
    }


def plain(expectation: Any) -> Any:
    return expectation["some"] if isinstance(expectation, dict) and set(expectation) == {"some"} else expectation


@pytest.mark.skipif(not HOSTS.is_dir(), reason="the fixture hosts are not here yet")
def test_hosts_are_fixtures_and_a_survey_says_what_the_fixture_has() -> None:
    for transcript in transcripts().values():
        for case in transcript["cases"]:
            fixture = json.loads((HOSTS / f"{case['host']}.json").read_text())["resources"]
            is_at_first = "before" not in case and "simulated" in case.get("held", ["simulated"])
            if transcript["function"] != "Get-PassBenchHost" or not is_at_first:
                continue
            for resource, facts in plain(case["requests"][0]["reply"]["value"]["resources"]).items():
                for key, value in plain(facts).items():
                    assert fixture[resource].get(key) == value, f"{case['host']}: {resource} {key}"
