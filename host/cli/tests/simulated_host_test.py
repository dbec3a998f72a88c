"""A whole run over a simulated Windows host: three ways to a card, proved, told apart, given back, also after a kill.

python -m pytest simulated_host_test.py     with PASSBENCH_PROGRAM = the program to use
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCENARIO = ROOT / "scenarios" / "dda-against-gpupv.toml"
FIXTURE = ROOT / "host" / "simulated" / "hosts" / "server-2025-rtx-a5000.json"
INCONCLUSIVE = 3  # what a gate comes to after two blocks
BLOCKS = 2  # of --scale small


WSL_SCENARIO = ROOT / "scenarios" / "wsl.toml"
WSL_FIXTURE = FIXTURE.with_name("windows-11-geforce-wsl.json")


def environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PASSBENCH_STATE": str(folder / "state"), "TMPDIR": str(folder)}


def command(folder: Path, *words: str) -> list[str]:
    return [os.environ["PASSBENCH_PROGRAM"], *words, "--out", str(folder / "runs")]


def run_words(scenario: Path = SCENARIO) -> list[str]:
    return ["run", str(scenario), "--lab", "simulated", "--scale", "small"]


def simulated_host(folder: Path, fixture: Path = FIXTURE) -> dict:
    """The host's own state: what it is, whatever passbench says of it."""
    return json.loads((folder / "state" / "simulated" / fixture.name).read_text())


def is_as_before(folder: Path, fixture: Path = FIXTURE) -> bool:
    return simulated_host(folder, fixture)["facts"] == json.loads(fixture.read_text())["resources"]


def the_run(folder: Path) -> Path:
    (run,) = (folder / "runs").iterdir()
    return run


def test_measures_all_three_ways_and_gives_the_host_back(tmp_path: Path) -> None:
    ended = subprocess.run(command(tmp_path, *run_words()), env=environment(tmp_path), capture_output=True, text=True)
    assert ended.returncode == INCONCLUSIVE, ended.stderr
    assert is_as_before(tmp_path)
    run = the_run(tmp_path)
    status = json.loads((run / "status.json").read_text())
    assert status["host_restored"] is True
    assert status["simulated"] is True
    arms = json.loads((run / "environment.json").read_text())["arms"]
    for arm in ("native_windows", "dda", "gpupv"):
        context = arms[arm]["context"]
        assert context["host.passthrough"] == arm
        assert context["host.fixture"] == "server-2025-rtx-a5000"
        assert "RTX A5000" in context["host.card"]
    assert arms["dda"]["context"]["gpu.passthrough"] == "dda"
    assert arms["gpupv"]["context"]["gpu.passthrough"] == "gpupv"
    assert "Security" in arms["dda"]["context"]["host.warnings"]
    stats = json.loads((run / "stats.json").read_text())
    taken = {(time["arm"], time["event"], time.get("what", "")): time for time in stats["host_times"]}
    assert all(time["simulated"] and time["leases"] == BLOCKS for time in taken.values())
    assert ("dda", "host_prepared", "vm/linux-dda state = running") in taken
    stop = taken["dda", "host_given_back", "vm/linux-dda state = off"]  # what its guest takes to shut down
    assert 0 < stop["median_ns"] < taken["dda", "host_given_back", ""]["median_ns"]
    assert not any(arm == "native_windows" for arm, _, _ in taken), "nothing of its host is changed"
    assert "| dda (simulated) | give back | **sum** |" in (run / "report" / "report.md").read_text()
    estimates = stats["estimates"]
    flags = {(estimate["arm"], flag["code"]) for estimate in estimates for flag in estimate["flags"]}
    assert {("dda", "injected"), ("gpupv", "injected"), ("native_windows", "simulated")} <= flags
    assert ("native_windows", "injected") not in flags


def test_measures_in_wsl_and_gives_its_settings_back(tmp_path: Path) -> None:
    ended = subprocess.run(
        command(tmp_path, *run_words(WSL_SCENARIO)), env=environment(tmp_path), capture_output=True, text=True
    )
    assert ended.returncode == INCONCLUSIVE, ended.stderr
    assert is_as_before(tmp_path, WSL_FIXTURE)
    run = the_run(tmp_path)
    context = json.loads((run / "environment.json").read_text())["arms"]["wsl"]["context"]
    assert context["gpu.passthrough"] == context["host.passthrough"] == "wsl"
    assert context["wsl.lib_mounted"] is context["wsl.drivers_mounted"] is True
    assert "RTX 4070" in context["host.card"]
    assert '"config.memory"' in (run / "journal.jsonl").read_text()


def test_measures_a_t4_in_eflow_and_takes_it_back(tmp_path: Path) -> None:
    scenario = ROOT / "scenarios" / "eflow-t4-dda.toml"
    ended = subprocess.run(
        command(tmp_path, *run_words(scenario)), env=environment(tmp_path), capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stderr
    assert is_as_before(tmp_path, FIXTURE.with_name("windows-11-t4-eflow.json"))
    run = the_run(tmp_path)
    assert json.loads((run / "status.json").read_text())["host_restored"] is True
    context = json.loads((run / "environment.json").read_text())["arms"]["eflow_dda"]["context"]
    assert context["gpu.passthrough"] == context["host.passthrough"] == "eflow_dda"
    assert "support of EFLOW" in context["host.warnings"]


def test_deploys_eflow_and_measures_in_a_container_of_it(tmp_path: Path) -> None:
    scenario = ROOT / "scenarios" / "eflow-geforce-gpupv.toml"
    ended = subprocess.run(
        command(tmp_path, *run_words(scenario)), env=environment(tmp_path), capture_output=True, text=True
    )
    assert ended.returncode == INCONCLUSIVE, ended.stderr
    fixture = FIXTURE.with_name("windows-11-geforce-eflow.json")
    before = json.loads(fixture.read_text())["resources"]
    now = simulated_host(tmp_path, fixture)["facts"]
    assert {**now, "eflow": None} == {**before, "eflow": None}
    assert now["eflow"]["deployment"] == "deployed", "there is no way back from that"
    assert (now["eflow"]["config.gpu"], now["eflow"]["power"]) == ("none", "off")
    run = the_run(tmp_path)
    assert json.loads((run / "status.json").read_text())["host_restored"] is True
    context = json.loads((run / "environment.json").read_text())["arms"]["eflow_gpupv"]["context"]
    assert context["gpu.passthrough"] == "gpupv", "in a container nothing tells EFLOW from another guest"
    assert "DeviceRequests" in context["host.container"]
    kept = json.loads((run / "verdict.json").read_text())["kept"]
    assert [change.split(" = ")[0] for change in kept] == ["eflow deployment"]
    assert "stays so on the host: eflow deployment" in ended.stdout
    assert f"- Stays so on the host: {kept[0]}" in (run / "report" / "report.md").read_text()


def test_a_step_that_fails_leaves_its_journal_and_reason_in_the_run(tmp_path: Path) -> None:
    subprocess.run(command(tmp_path, *run_words(), "--dry-run"), env=environment(tmp_path), check=True)
    host = simulated_host(tmp_path)
    host["faults"] = [{"function": "Add-PassBenchDevice", "nth": 1, "what": "refuse", "message": "planted refusal"}]
    (tmp_path / "state" / "simulated" / FIXTURE.name).write_text(json.dumps(host))
    ended = subprocess.run(command(tmp_path, *run_words()), env=environment(tmp_path), capture_output=True, text=True)
    assert ended.returncode not in (0, INCONCLUSIVE)
    assert "planted refusal" in ended.stderr
    assert is_as_before(tmp_path)
    run = the_run(tmp_path)
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    (interrupted,) = [event for event in events if event["kind"] == "block_interrupted"]
    assert "planted refusal" in interrupted["facts"]["reason"]
    assert json.loads((run / "status.json").read_text())["host_restored"] is True
    (whole,) = (tmp_path / "state" / "journals").iterdir()
    journal = (run / "journal.jsonl").read_text()
    assert journal == whole.read_text()
    assert '"restored"' in journal
    assert journal.count('"end"') == journal.count('"begin"')


def test_a_kill_in_the_middle_is_released(tmp_path: Path) -> None:
    running = subprocess.Popen(
        command(tmp_path, *run_words()), env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    state = tmp_path / "state" / "simulated" / FIXTURE.name
    while time.monotonic() < deadline and running.poll() is None:
        if state.exists() and '"state": "vm:' in state.read_text():
            break
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not is_as_before(tmp_path), "it was to be killed while a guest had the card"
    program = os.environ["PASSBENCH_PROGRAM"]
    released = subprocess.run([program, "release"], env=environment(tmp_path), capture_output=True, text=True)
    assert released.returncode == 0, released.stdout + released.stderr
    assert is_as_before(tmp_path)


def test_a_dry_run_shows_the_steps_and_the_powershell_and_changes_nothing(tmp_path: Path) -> None:
    shown = subprocess.run(
        command(tmp_path, *run_words(), "--dry-run"), env=environment(tmp_path), capture_output=True, text=True
    )
    assert shown.returncode == 0, shown.stderr
    assert "Steps on the host for dda" in shown.stdout
    assert "Add-VMAssignableDevice -LocationPath 'PCIROOT(0)#PCI(0300)#PCI(0000)' -VMName 'linux-dda'" in shown.stdout
    assert is_as_before(tmp_path)


def test_a_fixture_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    scenario = tmp_path / "wrong.toml"
    scenario.write_text(SCENARIO.read_text().replace("server-2025-rtx-a5000", "server-2025-rtx"))
    refused = subprocess.run(
        command(tmp_path, "run", str(scenario), "--lab", "simulated"),
        env=environment(tmp_path),
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 2
    assert "server-2025-rtx-a5000" in refused.stderr
    assert not (tmp_path / "runs").exists()
