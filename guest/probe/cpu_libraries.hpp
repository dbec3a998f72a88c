// The CPU libraries of the guest bundle, and whether each loads here. They are never linked (design.md section 11): a guest whose
// C library is too old for one of them loses that one, with the loader's words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace passbench {

struct CpuLibrary {
    std::string_view name;  // onednn
    std::string_view file;  // libdnnl.so.3
    std::string version;    // as the library says it; empty where it did not load
    std::string why;        // where it cannot be used: "does not load: " and the loader's words
};

/// Tries each by its file name: lib/ beside the program first (its RPATH), then where the loader looks.
[[nodiscard]] std::vector<CpuLibrary> load_cpu_libraries();

}  // namespace passbench
