#include "guest/agent/agent_main.hpp"

#include <cstdio>
#include <exception>

#include "guest/agent/agent.hpp"
#include "harness/core/this_process.hpp"

namespace passbench {
namespace {

bool constructors_ran = false;
[[gnu::constructor]] void note_constructors() { constructors_ran = true; }

}  // namespace

int agent_main(int argc, char** argv, std::span<const WorkloadForm> forms) {
    // The start-up code of another C library than the guest's may leave them out without a word.
    if (!constructors_ran) {
        std::fputs("passbench-agent: error: static constructors did not run; it is linked wrongly for this system\n",
                   stderr);
        return 4;
    }
    try {
        use_plain_streams();
        const std::vector<std::string> words = command_line_words(argc, argv);
        const AgentExit end = run_agent({words.begin() + 1, words.end()}, forms);
        std::fputs(end.errors.c_str(), stderr);
        std::fputs(end.output.c_str(), stdout);
        // Without its last line a trial is lost, so a full pipe or disk must not look like success.
        if (std::fflush(stdout) != 0) return 4;
        return end.code;
    } catch (const std::exception& exception) {
        std::fprintf(stderr, "passbench-agent: error: %s\n", exception.what());
        return 4;
    }
}

}  // namespace passbench
