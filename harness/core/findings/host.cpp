// Findings about a host, whatever it passes through.
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> host_findings() {
    return {
        {"host.access_denied", "Windows does not allow passbench to do this on its host.",
         "Start passbench in a console that runs as administrator; a policy of the machine may forbid it all the "
         "same."},
        {"host.cmdlet_missing", "The host's PowerShell has no command of this name.",
         "Turn on the Windows features that `passbench doctor` names (Hyper-V and its module for PowerShell); some "
         "commands exist on newer Windows alone."},
        {"host.interpreter_died", "The host's PowerShell ended before it answered.",
         "Run `passbench release`, which looks what the host's state is now, then try again; the message has its last "
         "words."},
        {"host.interpreter_garbled", "What the host's PowerShell answered is no answer to what was asked.",
         "Run `passbench release`, then try again; where it happens again, look for what else writes to its output (a "
         "profile, an agent that watches processes), and see that PassBench.psm1 is of this version of passbench."},
        {"host.interpreter_hung", "The host's PowerShell did not answer in time, and was ended.",
         "Run `passbench release`, which waits for what the host still does; see the Hyper-V event logs for what it "
         "waits for."},
        {"host.interpreter_silent",
         "The program that should be PowerShell ends without a word, as the stand-in that comes with Wine does.",
         "Name another PowerShell as the host's interpreter; on this machine there may be none, and `--lab simulated` "
         "needs none."},
        {"host.interpreter_version", "The scripts of the host's PowerShell are of another version of passbench.",
         "Unpack passbench anew, so that program and PassBench.psm1 come from one package."},
        {"host.unknown", "Host or guest said something that is not in the catalogue of failures; its words are kept.",
         "Read them; the run's log and the host's event logs (Hyper-V-Worker-Admin, Hyper-V-VMMS-Admin) may say more."},
    };
}

}  // namespace passbench
