// What FFTW has found out about this machine, kept between processes: measuring a plan takes up to seconds, and two trials must not
// differ because each chose its own. A file for each version of the library and each CPU in the user's cache; without such a folder,
// or where it cannot be written, every process measures again. A file is written whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "kernels/cpu/isa.hpp"

namespace passbench {

class Fftw;

/// $XDG_CACHE_HOME/passbench or ~/.cache/passbench, whether it is there or not; nothing where the environment has neither.
[[nodiscard]] std::optional<std::filesystem::path> user_cache_folder();

/// "fftw-3.3.8-AuthenticAMD-25-1-avx2.wisdom"
[[nodiscard]] std::string wisdom_file_name(std::string_view version, const CpuFeatures& cpu);

class FftwWisdom {
public:
    /// Tells the library what is kept for it; what it does not take (a damaged file, another build) counts as nothing.
    explicit FftwWisdom(const Fftw& library);
    /// Keeps what the library knows now, with what another process has kept meanwhile. Where it cannot be written it is not kept.
    void keep();

private:
    void tell_library() const;

    const Fftw& library_;
    std::optional<std::filesystem::path> file_;
};

}  // namespace passbench
