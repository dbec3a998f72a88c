"""What a PowerShell file does, as its syntax tree tells: the commands it calls, and all that could run text."""

import dataclasses
import json
import pathlib
from collections.abc import Iterator

import tree_sitter
import tree_sitter_powershell

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))

FOLDER = pathlib.Path(__file__).resolve().parents[1]
ALLOWED = json.loads((FOLDER / "cmdlets.json").read_text())
FUNCTIONS: dict[str, list[str]] = ALLOWED["functions"]
MODULE = ("PassBench.psm1", "PassBench.Survey.ps1", "PassBench.Cards.ps1", "PassBench.Wsl.ps1", "PassBench.Eflow.ps1")
FILES = (*MODULE, "PassBench.Runner.ps1")

# Of PowerShell 7 alone, though the grammar knows it: a && b, a || b.
LATER_SYNTAX = {"pipeline_chain_tail"}


@dataclasses.dataclass(frozen=True)
class Call:
    """A command by name; `inside` is the function that it stands in, or empty."""

    line: int
    name: str
    parameters: tuple[str, ...]
    inside: str


@dataclasses.dataclass
class Script:
    functions: dict[str, int]  # those that it defines, and their lines
    calls: list[Call]
    computed: list[tuple[int, str]]  # what is invoked without being named: & $read
    members: list[tuple[int, str]]  # what is called on objects and types: "int64::TryParse", ".Contains"
    types: list[tuple[int, str]]  # [regex], [int64]
    casts: list[tuple[int, str]]  # the types that a value is turned into
    variables: list[tuple[int, str]]
    faults: list[tuple[int, str]]  # what Windows PowerShell 5.1 does not parse


def text_of(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode()


def function_name(node: tree_sitter.Node) -> str:
    return text_of(node).removeprefix("global:")


def nodes(node: tree_sitter.Node) -> Iterator[tuple[tree_sitter.Node, str]]:
    """Every node with the name of the function that it stands in."""
    stack = [(node, "")]
    while stack:
        current, inside = stack.pop()
        yield current, inside
        if current.type == "function_statement":
            inside = function_name(next(child for child in current.children if child.type == "function_name"))
        stack.extend((child, inside) for child in reversed(current.children))


def parameters_of(command: tree_sitter.Node) -> tuple[str, ...]:
    elements = command.child_by_field_name("command_elements")
    if elements is None:
        return ()
    given = [text_of(child) for child in elements.children if child.type == "command_parameter"]
    # "-Confirm:" and, where the grammar takes the value with it, "-Confirm:$false".
    return tuple(parameter.lstrip("-").split(":")[0] for parameter in given)


def invoked_member(node: tree_sitter.Node) -> str:
    owner, separator, member = node.children[0], text_of(node.children[1]), node.children[2]
    if owner.type == "type_literal":
        return text_of(owner).strip("[]") + separator + text_of(member)
    return "." + text_of(member)


def read(text: bytes) -> Script:
    """Parses the text of a file."""
    script = Script({}, [], [], [], [], [], [], [])
    for node, inside in nodes(PARSER.parse(text).root_node):
        line = node.start_point[0] + 1
        if node.type == "ERROR" or node.is_missing:
            script.faults.append((line, f"not understood: {text_of(node)[:60]!r}"))
        elif node.type in LATER_SYNTAX:
            script.faults.append((line, f"of PowerShell 7 alone: {text_of(node)[:60]!r}"))
        elif node.type == "function_name":
            script.functions[function_name(node)] = line
        elif node.type == "command":
            name = node.child_by_field_name("command_name")
            if name is None or name.type != "command_name":
                script.computed.append((line, text_of(name) if name is not None else text_of(node)))
            else:
                script.calls.append(Call(line, text_of(name), parameters_of(node), inside))
        elif node.type == "invokation_expression":
            script.members.append((line, invoked_member(node)))
        elif node.type == "type_literal":
            script.types.append((line, text_of(node).strip("[]")))
            if node.parent is not None and node.parent.type == "cast_expression":
                script.casts.append((line, text_of(node).strip("[]")))
        elif node.type == "variable":
            script.variables.append((line, text_of(node)))
    return script


def source(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def module() -> dict[str, Script]:
    """The module and its runner, by file."""
    return {name: read(source(name)) for name in FILES}
