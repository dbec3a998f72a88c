"""The PowerShell of this folder does what is allowed and nothing else, as its syntax tells: there is no engine here.

    python -m pytest scripts_test.py

Allowed is what cmdlets.json lists: functions, cmdlets with their parameters, what is called on objects, the types.
"""

import re
from collections.abc import Iterator
from typing import Any

import powershell_syntax
import pytest
from powershell_syntax import ALLOWED, FILES, FUNCTIONS, MODULE, source

# $Input is what PowerShell would read the requests as; the other runs text.
FORBIDDEN_VARIABLES = {"$input", "$executioncontext"}


def cmdlet_problems(calls: list[powershell_syntax.Call], local: set[str], allowed: dict[str, Any]) -> Iterator[str]:
    for call in calls:
        if call.name in local:
            continue
        entry = allowed.get(call.name)
        if entry is None:
            yield f"{call.line}: {call.name} is not in cmdlets.json"
            continue
        for parameter in call.parameters:
            if parameter not in entry["parameters"]:
                yield f"{call.line}: {call.name} has no allowed parameter -{parameter}"
        if entry.get("host") and "ErrorAction" in entry["parameters"] and "ErrorAction" not in call.parameters:
            yield f"{call.line}: {call.name} is not told -ErrorAction"


def objects_of(text: bytes) -> list[tuple[int, str]]:
    lines = enumerate(text.decode().splitlines(), start=1)
    return [(number, name) for number, line in lines for name in re.findall(r"New-Object -TypeName (\S+)", line)]


def problems(text: bytes, local: set[str]) -> list[str]:
    """What a file does that is not allowed, each with its line."""
    script = powershell_syntax.read(text)
    found = [f"{line}: {what}" for line, what in script.faults]
    found += cmdlet_problems(script.calls, local | set(script.functions), ALLOWED["cmdlets"])
    allowed_sets = (
        ("invokes", script.computed, ALLOWED["computed"]),
        ("calls", script.members, ALLOWED["members"]),
        ("names the type", script.types, ALLOWED["types"]),
        ("makes a", objects_of(text), ALLOWED["objects"]),
    )
    for verb, uses, allowed in allowed_sets:
        found += [f"{line}: {verb} {use}, which cmdlets.json does not list" for line, use in uses if use not in allowed]
    found += [f"{line}: makes script of a value" for line, name in script.casts if name.lower() == "scriptblock"]
    found += [f"{line}: {name}" for line, name in script.variables if name.lower() in FORBIDDEN_VARIABLES]
    if not text.isascii():
        found.append("not ASCII: Windows PowerShell reads it in the system's code page")
    return found


@pytest.fixture(scope="module")
def read_module() -> dict[str, powershell_syntax.Script]:
    return powershell_syntax.module()


@pytest.fixture(scope="module")
def local_functions(read_module: dict[str, powershell_syntax.Script]) -> set[str]:
    return {name for script in read_module.values() for name in script.functions}


@pytest.mark.parametrize("name", FILES)
def test_a_script_does_nothing_that_is_not_listed(name: str, local_functions: set[str]) -> None:
    assert problems(source(name), local_functions) == []


def test_the_contract_runner_is_windows_powershell_and_runs_no_text(local_functions: set[str]) -> None:
    script = powershell_syntax.read(source("contract/run.ps1"))
    allowed = {name: {"parameters": given} for name, given in ALLOWED["contract_cmdlets"].items()}
    assert script.faults == []
    assert list(cmdlet_problems(script.calls, local_functions | set(script.functions), allowed)) == []
    assert [use for _, use in script.computed] == [
        "(Join-Path -Path $PSScriptRoot -ChildPath '../PassBench.Runner.ps1')"
    ]
    assert not {member for _, member in script.members} & {"ScriptBlock::Create", ".InvokeScript", ".NewScriptBlock"}
    mocked = {name for name, entry in ALLOWED["cmdlets"].items() if entry.get("host")}
    assert not mocked & set(ALLOWED["contract_cmdlets"]), "what is mocked cannot be used by the one who mocks"


PLANTS = {
    "a null-coalescing operator": "$a = $b ?? 1",
    "a null-conditional member": "$a = ${b}?.c",
    "a ternary": "$a = $b ? 1 : 2",
    "a null-coalescing assignment": "$a ??= 1",
    "a chain": "Get-VM -ErrorAction Stop && Get-VM -ErrorAction Stop",
    "a parallel loop": "1 | ForEach-Object -Parallel { $_ }",
    "a broken statement": "if ($a { }",
    "Invoke-Expression": "Invoke-Expression $a",
    "its alias": "iex $a",
    "Invoke-Command": "Invoke-Command -ScriptBlock $a",
    "Add-Type": "Add-Type -TypeDefinition $a",
    "a script block of text": "[ScriptBlock]::Create($a)",
    "a cast to a script block": "$a = [scriptblock]$b",
    "a command by text": '& "Stop-$a"',
    "a command by a sum": "& ('Stop' + '-VM')",
    "a command by a variable": "& $a",
    "a script by a variable": ". $a",
    "the engine": "$ExecutionContext.InvokeCommand.InvokeScript($a)",
    "a process": "Start-Process cmd.exe",
    "a program": "cmd.exe /c $a",
    "an unlisted parameter": "Get-VM -Name $a -ErrorAction Stop",
    "a shortened parameter": "Get-VM -Err Stop",
    "an alias": "Get-VM -ErrorAction Stop | % { $_ }",
    "a cmdlet that may go on after an error": "Start-VM -VM $a",
    "another type": "[System.Diagnostics.Process]::Start($a)",
    "another object": "New-Object -TypeName System.Net.WebClient",
    "the input": "foreach ($line in $Input) { $line }",
    "a letter that is not ASCII": "# \u00fc",
}


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_not_allowed_is_seen(plant: str, local_functions: set[str]) -> None:
    planted = source("PassBench.psm1") + f"\n{PLANTS[plant]}\n".encode()
    assert problems(planted, local_functions) != []


def test_nothing_is_listed_that_no_script_uses(read_module: dict[str, powershell_syntax.Script]) -> None:
    used: dict[str, set[str]] = {}
    for script in read_module.values():
        for call in script.calls:
            used.setdefault(call.name, set()).update(call.parameters)
    for name, entry in ALLOWED["cmdlets"].items():
        assert set(entry["parameters"]) == used.get(name, {"it is not used"}), name
        assert entry["source"], name
    for key, uses in (("members", "members"), ("types", "types"), ("computed", "computed")):
        seen = {use for script in read_module.values() for _, use in getattr(script, uses)}
        assert set(ALLOWED[key]) == seen, key


def parameters_of_functions() -> dict[str, list[str]]:
    """Of the exported functions, as their param() lists them."""
    text = "".join(source(name).decode() for name in MODULE)
    found = re.findall(r"^function (\S+) \{\n    \[CmdletBinding\(\)\]\n    param\((.*)\)$", text, re.MULTILINE)
    return {name: re.findall(r"\$(\w+)(?: = [^,]*)?(?:, |$)", given) for name, given in found}


def test_module_runner_and_list_have_the_same_functions_and_arguments() -> None:
    exported = source("PassBench.psm1").decode().split("Export-ModuleMember", 1)[1]
    assert set(re.findall(r"'([^']+)'", exported)) == set(FUNCTIONS)
    text = source("PassBench.Runner.ps1").decode()
    runner = re.findall(r"^    '(\S+-PassBench\S+)' = @\((.*)\)$", text, re.MULTILINE)
    assert {name: re.findall(r"'(\w+)'", given) for name, given in runner} == FUNCTIONS
    assert parameters_of_functions() == FUNCTIONS
