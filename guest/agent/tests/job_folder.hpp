// A folder of a test's own, gone at its end, and requests to run in it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/records/request.hpp"

namespace passbench {

class JobFolder {
public:
    JobFolder();
    JobFolder(const JobFolder&) = delete;
    JobFolder& operator=(const JobFolder&) = delete;
    ~JobFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string text(const std::string& name) const;
    void write(const std::string& name, std::string_view content) const;

private:
    std::filesystem::path path_;
};

/// One trial of each given workload with the catalogue's defaults, changed by those of `parameters` that it has; no warm-up, 5
/// iterations.
[[nodiscard]] JobRequest small_job(const std::vector<std::string>& workloads, const Parameters& parameters = {});

}  // namespace passbench
