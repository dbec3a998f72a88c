#include <cerrno>
#include <cstring>
#include <dlfcn.h>

#include <fmt/core.h>

#include "kernels/cpu/control_operations.hpp"

namespace passbench {

namespace {

/// A library that every Linux system with glibc has, and that nothing here uses. It is loaded until one of its functions is known.
class LoadLibrary final : public CpuOperation {
public:
    static constexpr const char* name = "libresolv.so.2";

    int take() override {
        library_ = dlopen(name, RTLD_NOW | RTLD_LOCAL);
        if (library_ == nullptr) return ENOENT;
        function_ = dlsym(library_, "ns_parse_ttl");
        return function_ == nullptr ? ENOENT : 0;
    }
    int give_back() override { return dlclose(library_) == 0 ? 0 : EBUSY; }

    /// The pattern only where the function is in the library.
    void prove(const ControlPathInputs& inputs, std::span<std::uint64_t> words) override {
        Dl_info place = {};
        if (dladdr(function_, &place) == 0 || std::strstr(place.dli_fname, "libresolv") == nullptr) return;
        inputs.fill(words, 0);
    }
    [[nodiscard]] std::string_view thing() const override { return "a new library"; }

    [[nodiscard]] static bool is_loaded() {
        void* const already = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
        if (already != nullptr) dlclose(already);
        return already != nullptr;
    }

private:
    void* library_ = nullptr;
    void* function_ = nullptr;
};

Error unsupported(std::string what) {
    return {.code = ErrorCode::unsupported,
            .what = std::move(what),
            .where = {},
            .fix = "Leave the cpu form of op = module out of the scenario."};
}

}  // namespace

Result<std::unique_ptr<CpuOperation>> make_library_operation() {
    if (LoadLibrary::is_loaded()) {
        return fail(unsupported(
            fmt::format("{} is in use in this process, so loading it would load nothing", LoadLibrary::name)));
    }
    LoadLibrary library;
    const bool is_there = library.take() == 0;
    if (is_there) library.give_back();
    if (!is_there || LoadLibrary::is_loaded()) {
        return fail(unsupported(fmt::format("{} cannot be loaded here and given back", LoadLibrary::name)));
    }
    return std::make_unique<LoadLibrary>();
}

}  // namespace passbench
