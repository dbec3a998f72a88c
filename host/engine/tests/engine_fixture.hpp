// What the engine's tests share: a scratch folder with a host made of files and a state folder.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "harness/core/durable_files.hpp"
#include "harness/core/system_file.hpp"
#include "harness/core/this_process.hpp"
#include "host/engine/lease.hpp"
#include "host/engine/quarantine.hpp"
#include "host/engine/release.hpp"
#include "host/engine/tests/files_host.hpp"

namespace passbench::tests {

/// A folder that is removed at the end. In memory where that is to be had: these tests sync thousands of times, and killing a
/// process does not show what a disk would have kept.
class ScratchFolder {
public:
    ScratchFolder() {
        const std::filesystem::path memory = "/dev/shm";
        path_ = make_private_folder(is_writable_folder(memory) ? memory : temporary_folder(), "passbench-engine-").path;
    }
    ScratchFolder(const ScratchFolder&) = delete;
    ScratchFolder& operator=(const ScratchFolder&) = delete;
    ~ScratchFolder() { std::filesystem::remove_all(path_); }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

class EngineTest : public testing::Test {
public:
    EngineTest() : host(scratch.path() / "host"), state(scratch.path() / "state") {
        put_lab_machine(host);
        before = *host.survey();
    }
    ~EngineTest() override { set_store_observer({}); }

    [[nodiscard]] LeaseOrder order() const { return {.run = "first", .provider = "files", .state_folder = state}; }
    [[nodiscard]] Result<Lease> acquire() { return Lease::acquire(host, lab_steps(), order()); }

    /// As a later process would: from the state folder, with no memory of the lease.
    [[nodiscard]] Result<ReleaseReport> release_now() { return release(state, factory()); }
    [[nodiscard]] ResourcesFactory factory() {
        return [this](const std::string& provider) -> Result<std::unique_ptr<Resources>> {
            EXPECT_EQ(provider, "files");
            auto resources = std::make_unique<FilesHost>(host);
            return resources;
        };
    }
    [[nodiscard]] std::vector<QuarantineEntry> quarantine() const { return *read_quarantine(state); }

    ScratchFolder scratch;
    FilesHost host;
    std::filesystem::path state;
    HostFacts before;
};

}  // namespace passbench::tests
