// The program `passbench`: the command line with the streams, the terminal and the signals of this process.
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "harness/core/this_process.hpp"
#include "host/cli/cli.hpp"
#include "host/cli/stop_signals.hpp"

int main(int argc, char** argv) {
    using passbench::StandardStream;
    passbench::catch_stop_signals();
    passbench::use_plain_streams();
    try {
        const std::vector<std::string> words = passbench::command_line_words(argc, argv);
        std::vector<const char*> pointers;
        for (const std::string& word : words) pointers.push_back(word.c_str());
        pointers.push_back(nullptr);
        return passbench::cli_main(static_cast<int>(words.size()), pointers.data(),
                                   {.out = std::cout,
                                    .err = std::cerr,
                                    .out_is_terminal = is_terminal(StandardStream::output),
                                    .err_is_terminal = is_terminal(StandardStream::error),
                                    .colour_wanted = passbench::environment_variable("NO_COLOR").value_or("").empty(),
                                    .stop = passbench::stop_was_asked});
    } catch (const std::exception& exception) {
        std::cerr << "error: " << exception.what() << "\n  This is a fault of passbench: please report it.\n";
        return 4;
    }
}
