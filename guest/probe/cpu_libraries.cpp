#include "guest/probe/cpu_libraries.hpp"

#include <cstdint>
#include <utility>

#include <fmt/core.h>

#include "guest/probe/machine_files.hpp"
#include "harness/core/open_library.hpp"

namespace passbench {
namespace {

constexpr std::size_t words_limit = 256;

/// oneDNN: const dnnl_version_t* dnnl_version(); its first members are three ints.
std::string onednn_version(void* library) {
    const auto ask = symbol<const int* (*)()>(library, "dnnl_version");
    if (ask == nullptr) return {};
    const int* const numbers = ask();
    return fmt::format("{}.{}.{}", numbers[0], numbers[1], numbers[2]);
}

/// ONNX Runtime: OrtGetApiBase() points to {GetApi, GetVersionString}.
std::string onnxruntime_version(void* library) {
    struct ApiBase {
        const void* (*get_api)(std::uint32_t version);
        const char* (*version_string)();
    };
    const auto ask = symbol<const ApiBase* (*)()>(library, "OrtGetApiBase");
    return ask == nullptr ? std::string() : ask()->version_string();
}

/// FFTW: const char fftwf_version[], "fftw-3.3.8-sse2-avx".
std::string fftw_version(void* library) {
    const auto* const words = symbol<const char*>(library, "fftwf_version");
    return words == nullptr ? std::string() : words;
}

/// The threads of FFTW have no version of their own: they refer to the library beside them.
std::string fftw_threads_version(void* library) {
    return symbol<void*>(library, "fftwf_init_threads") == nullptr ? std::string() : "with its FFTW";
}

/// OpenBLAS as SciPy builds it: "OpenBLAS 0.3.34 ...".
std::string openblas_version(void* library) {
    const auto ask = symbol<const char* (*)()>(library, "scipy_openblas_get_config");
    return ask == nullptr ? std::string() : ask();
}

struct Known {
    std::string_view name;
    const char* file;
    std::string (*version)(void* library);
};
// FFTW before its threads, which need its symbols.
constexpr Known known_libraries[] = {
    {"onednn", "libdnnl.so.3", &onednn_version},
    {"openblas", "libscipy_openblas.so", &openblas_version},
    {"fftw", "libfftw3f.so.3", &fftw_version},
    {"fftw_threads", "libfftw3f_threads.so.3", &fftw_threads_version},
    {"onnxruntime", "libonnxruntime.so.1", &onnxruntime_version},
};

}  // namespace

std::vector<CpuLibrary> load_cpu_libraries() {
    std::vector<CpuLibrary> libraries;
    for (const Known& known : known_libraries) {
        CpuLibrary library{.name = known.name, .file = known.file, .version = {}, .why = {}};
        const OpenLibrary opened = open_shared_library(known.file);
        if (opened.handle != nullptr) {
            library.version = printable(known.version(opened.handle), words_limit);
            if (library.version.empty()) library.why = "loads, and is not the library that its name says";
        } else {
            library.why = "does not load: " + (opened.words.empty() ? std::string("no reason given")
                                                                    : printable(opened.words, words_limit));
        }
        libraries.push_back(std::move(library));
    }
    return libraries;
}

}  // namespace passbench
