"""Every record validates against its schema, and no record with one wrong field does.

    python -m pytest schema_test.py      with PASSBENCH_WRITE_EXAMPLE = the program write_example_run

The records are the example run that the program writes, and every committed run under results/golden.
"""

import copy
import functools
import hashlib
import json
import os
import pathlib
import subprocess
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "results" / "schema"

# File of a run -> schema. The others are no JSON of ours.
DOCUMENTS = {
    "plan.json": "plan",
    "host.json": "host",
    "environment.json": "environment",
    "steps.json": "steps",
    "status.json": "status",
    "stats.json": "stats",
    "verdict.json": "verdict",
    "request.json": "request",
    "probe.json": "probe",
    "progress.json": "progress",
}
LINES = {
    "events.jsonl": "events",
    "samples.jsonl": "samples",
    "telemetry.jsonl": "telemetry",
    "journal.jsonl": "journal",
}


@functools.cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def reject_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def records(folder: pathlib.Path) -> Iterator[tuple[str, str, Any]]:
    """(place, schema, value) of every document and line in a folder."""
    for name, schema in DOCUMENTS.items():
        if (folder / name).exists():
            yield name, schema, json.loads((folder / name).read_text(), parse_constant=reject_constant)
    for name, schema in LINES.items():
        if (folder / name).exists():
            for number, line in enumerate((folder / name).read_text().splitlines(), start=1):
                yield f"{name}:{number}", schema, json.loads(line, parse_constant=reject_constant)


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, Any]]:
    folder = tmp_path_factory.mktemp("example")
    subprocess.run([os.environ["PASSBENCH_WRITE_EXAMPLE"], folder], check=True)
    (run,) = (folder / "runs").iterdir()
    return [*records(folder), *records(run)]


def golden_runs() -> list[pathlib.Path]:
    return sorted(path.parent for path in (ROOT / "results" / "golden").glob("*/plan.json"))


def test_the_example_has_a_record_for_every_schema(example: list[tuple[str, str, Any]]) -> None:
    used = {schema for _, schema, _ in example}
    there = {path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json")}
    assert used == there


def test_every_record_of_the_example_validates(example: list[tuple[str, str, Any]]) -> None:
    for place, schema, value in example:
        errors = list(validator(schema).iter_errors(value))
        assert not errors, f"{place}: {errors[0].message}"


@pytest.mark.parametrize("run", golden_runs(), ids=lambda run: run.name)
def test_every_record_of_a_golden_run_validates(run: pathlib.Path) -> None:
    for place, schema, value in records(run):
        errors = list(validator(schema).iter_errors(value))
        assert not errors, f"{run.name}/{place}: {errors[0].message}"


def test_the_digest_of_a_plan_is_of_the_compact_document_without_it(example: list[tuple[str, str, Any]]) -> None:
    (plan,) = (value for _, schema, value in example if schema == "plan")
    stated = plan.pop("sha256")
    compact = json.dumps(plan, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    plan["sha256"] = stated
    assert hashlib.sha256(compact.encode()).hexdigest() == stated


# One wrong field a line: schema, path to the field, the wrong value. ABSENT takes the key away.
ABSENT = object()
PLANTED = [
    ("plan", ["version"], 2),
    ("plan", ["format"], "passbench.stats"),
    ("plan", ["sha256"], "not a digest"),
    ("plan", ["arms"], []),
    ("plan", ["cases", 0, "form"], "gpu"),
    ("plan", ["cases", 0, "parameters", "bytes"], 4096.5),
    ("plan", ["cases", 0, "work", "bytes"], ABSENT),
    ("plan", ["cases", 0, "gates", 0, "budget"], "3 %"),
    ("plan", ["design", "looks", 0], 0),
    ("plan", ["design", "stop"], "whenever"),
    ("plan", ["design", "seed"], -1),
    ("plan", ["blocks", 0, "slots", 0], [0]),
    ("request", ["trials", 0, "what"], ABSENT),
    ("request", ["iterations"], 0),
    ("probe", ["identity", "cpus"], None),
    ("probe", ["simulated"], "no"),
    ("progress", ["done"], -1),
    ("progress", ["state"], "done"),
    ("environment", ["arms", "native", "identity"], ABSENT),
    ("environment", ["arms", "native", "context", "kernel"], ["6", "1"]),
    ("host", ["resources", "cpu", "governor"], {"now": "powersave"}),
    ("steps", ["steps", 0, "undo"], "never"),
    ("journal", ["kind"], "guess"),
    ("journal", ["snapshot"], ABSENT),
    ("events", ["kind"], "trial_guessed"),
    ("events", ["at"], "15.01.2026 09:30"),
    ("events", ["facts"], ABSENT),
    ("samples", ["phase"], "hot"),
    ("samples", ["n"], 0),
    ("samples", ["at"], 4),
    ("samples", ["crc32c"], 2**32),
    ("samples", ["columns"], {}),
    ("samples", ["columns", "wall_ns"], ["i32", 0]),
    ("samples", ["simulated"], ABSENT),
    ("telemetry", ["kind"], "trial_ended"),
    ("status", ["state"], "done"),
    ("status", ["host_restored"], 1),
    ("stats", ["blocks", 0, "value"], None),
    ("stats", ["blocks", 0, "block"], -1),
    ("stats", ["quantiles", 0, "p"], 99),
    ("stats", ["estimates", 0, "direction"], "up"),
    ("stats", ["estimates", 0, "limit", "kind"], "guessed"),
    ("stats", ["estimates", 0, "flags"], "none"),
    ("stats", ["fits", 0, "blocks"], -1),
    ("stats", ["fits", 0, "numbers", 0, "value"], "fast"),
    ("stats", ["fits", 0, "furthest", "at"], 0.5),
    ("stats", ["speed_ups", 0, "cpu_cases"], -1),
    ("stats", ["speed_ups", 0, "numbers", 0, "value"], "fast"),
    ("stats", ["parts", 0, "parts", 0, "name"], ABSENT),
    ("stats", ["parts", 0, "parts", 1, "under"], -1),
    ("stats", ["parts", 0, "simulated"], "no"),
    ("stats", ["missing", 0, "word"], "forgotten"),
    ("verdict", ["word"], "good"),
    ("verdict", ["gates", 0, "word"], "fine"),
    ("verdict", ["reasons", 0, "text"], ABSENT),
]


@pytest.mark.parametrize(
    ("schema", "path", "wrong"), PLANTED, ids=lambda value: "absent" if value is ABSENT else str(value)
)
def test_one_wrong_field_fails(example: list[tuple[str, str, Any]], schema: str, path: list[Any], wrong: Any) -> None:
    original = next(value for _, name, value in example if name == schema)
    planted = copy.deepcopy(original)
    place = planted
    for step in path[:-1]:
        place = place[step]
    assert path[-1] in place if isinstance(place, dict) else path[-1] < len(place), "the test plants nothing"
    if wrong is ABSENT:
        del place[path[-1]]
    else:
        place[path[-1]] = wrong
    assert validator(schema).is_valid(original)
    assert not validator(schema).is_valid(planted)


@pytest.mark.parametrize("schema", sorted({*DOCUMENTS.values(), *LINES.values()}))
def test_unknown_keys_are_left_alone(example: list[tuple[str, str, Any]], schema: str) -> None:
    value = copy.deepcopy(next(value for _, name, value in example if name == schema))
    value["of_a_later_version"] = {"x": [1]}
    assert validator(schema).is_valid(value)
