#include "host/cli/manuals.hpp"

namespace passbench {

const std::vector<Manual>& manuals() {
    static const std::vector<Manual> all = {
        {"doctor", "what this machine is, what disturbs measuring here, and what to do about it",
         "Shows this machine as a run would find it: CPU and instruction sets, memory, hypervisor, GPU and driver or "
         "why there\n"
         "is none, what disturbs measuring with what to do about it, the preflight (note, warn, or block: a run with "
         "cuda "
         "cases\n"
         "ends before it measures), and what earlier runs left unrestored. Of a Windows host also which of its GPUs "
         "can be\n"
         "used by which method (native_windows, dda, gpupv, eflow_dda, eflow_gpupv, wsl), why not, and what to do. "
         "Changes\n"
         "nothing.",
         "Examples:\n"
         "  passbench doctor\n"
         "  passbench doctor --save machine.json      keep it, to look at it elsewhere\n"
         "  passbench doctor --host machine.json      look at it; a run's host.json will do too\n"
         "  passbench doctor --host host/simulated/hosts/server-2019-t4.json\n"
         "\n"
         "Exit code: 0; 4 where the agent cannot be started."},
        {"plan", "a scenario as the plan of a run: cases, order, minutes, detectable effect",
         "Expands a scenario into the plan that `passbench run` would carry out: every case, the order of the first "
         "blocks, the\n"
         "minutes it takes, and the smallest effect it can detect if pairs of blocks scatter as assumed (--noise). The "
         "same\n"
         "scenario gives the same plan, byte for byte, on every machine. Touches nothing.",
         "Examples:\n"
         "  passbench plan scenarios/first-look.toml\n"
         "  passbench plan scenarios/self-check.toml --noise \"2 %\"\n"
         "  passbench plan scenarios/first-look.toml --json > plan.json\n"
         "\n"
         "With --host, --lab or SCENARIO.lab.toml beside the scenario the steps on the host are listed as well.\n"
         "\n"
         "Exit codes: 0; 2 the scenario or lab file is wrong (every mistake is shown with line and column)."},
        {"run", "carry a scenario out, from measuring to the report; --resume goes on with one",
         "Measures a scenario's cases, judges the values and writes a report. The records go to a new folder under "
         "results/runs\n"
         "(--out chooses another place), append only: Ctrl-C ends the running trial and loses nothing else, and\n"
         "`passbench run --resume DIR` measures what is missing.\n"
         "\n"
         "The lab file says what the arms' names are bound to. Without --lab it is SCENARIO.lab.toml beside the "
         "scenario where\n"
         "there is one; otherwise the arms `local` and `native` are this machine. --lab simulated takes the same lab\n"
         "and has the cuda cases run on a stand-in driver: real kernels, made-up times, marked wherever they appear.",
         "Examples:\n"
         "  passbench run scenarios/first-look.toml\n"
         "  passbench run scenarios/first-look.toml --scale small     a quick try, sizes and counts cut down\n"
         "  passbench run scenarios/self-check.toml --dry-run         show the plan and the steps, do nothing\n"
         "  passbench run --resume results/runs/20260115T093000Z-first-look-1a2b3c\n"
         "\n"
         "Exit codes: 0 qualified or measured; 1 not qualified; 2 usage or configuration; 3 inconclusive; 4 "
         "infrastructure;\n"
         "5 invalid; 130 interrupted."},
        {"report", "analyze a run again and show it",
         "Analyzes and judges the samples of a run again and shows the table. Needs nothing but the run directory and "
         "works\n"
         "years later and on any machine. Writes only what is asked for.",
         "Examples:\n"
         "  passbench report results/runs/20260115T093000Z-first-look-1a2b3c\n"
         "  passbench report RUN --markdown report.md --junit junit.xml --csv stats.csv\n"
         "  passbench report RUN --csv -            to standard output, in place of the table\n"
         "  passbench report RUN --write            make stats.json, verdict.json and report/ again\n"
         "\n"
         "Exit codes: as `passbench run`, for the word of that run."},
        {"compare", "two runs side by side",
         "Compares the arms and cases that two runs have in common; the first run is the reference. Refuses runs of "
         "different\n"
         "machines and names the keys that differ; lists what else differs between them as a warning.",
         "Examples:\n"
         "  passbench compare results/runs/OLD results/runs/NEW\n"
         "  passbench compare OLD NEW --json\n"
         "\n"
         "Exit codes: 0; 1 a case regressed; 2 the runs share no case; 3 none regressed, but one is inconclusive; 4 "
         "the\n"
         "machines differ; 5 a value is invalid."},
        {"release", "give back what unfinished runs left changed on this machine",
         "Works through the journals of runs that ended before they could restore the host (a crash, a reboot) and "
         "sets back\n"
         "what they changed. What cannot be set back is quarantined by name and shown by `passbench doctor`. Does no "
         "harm\n"
         "where nothing is left. With --install it is also done at each start of this machine, by a unit of systemd or "
         "a\n"
         "task of Windows, so that a host is given back after a power cut too.",
         "Examples:\n"
         "  passbench release\n"
         "  passbench release --dry-run     show what would be set back\n"
         "  passbench release --install     as root or administrator, once for each lab host\n"
         "\n"
         "Exit codes: 0 nothing is left; 4 something could not be set back, or a run is using the host."},
        {"help", "the manual of a verb, a workload, an error code or a finding",
         "Shows a manual: of a verb, of a workload (what it measures, its parameters, how its result is checked), or "
         "of an\n"
         "error code (cause and cure). `help workloads` and `help codes` list them, `help exit` lists the exit codes.",
         "Examples:\n"
         "  passbench help run\n"
         "  passbench help workloads\n"
         "  passbench help stream\n"
         "  passbench help plan_changed\n"
         "\n"
         "Exit codes: 0; 2 there is no manual of this name."},
    };
    return all;
}

std::string_view overview_head() {
    return "passbench measures a machine's workloads and judges what passthrough costs them: from a scenario\n"
           "to a verdict that can be defended.\n"
           "\n"
           "Usage: passbench VERB [OPTIONS]\n"
           "\n"
           "Verbs:\n";
}

std::string_view overview_foot() {
    return "\n"
           "Every verb takes --json (one document on standard output), --quiet and --help.\n"
           "\n"
           "Start here:\n"
           "  passbench doctor\n"
           "  passbench run scenarios/first-look.toml\n"
           "\n"
           "Environment: PASSBENCH_STATE (where journals are kept), NO_COLOR.\n"
           "Exit codes: 0 qualified, measured, ok; 1 not qualified or regressed; 2 usage or configuration;\n"
           "3 inconclusive; 4 infrastructure; 5 invalid; 130 interrupted.\n";
}

}  // namespace passbench
