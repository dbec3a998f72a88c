// What the programs of this folder have in common. They are written as any program for the CUDA driver API is, from its
// public documentation alone: they know nothing of the stand-in, and run on a card as well, with a fatbin of kernels.cu:
//     emulation_program_vector_add /usr/lib/x86_64-linux-gnu/libcuda.so.1 kernels.fatbin
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cuda.h>
#include <dlfcn.h>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace program {

[[noreturn]] inline void stop(const char* what, int code) {
    std::fprintf(stderr, "%s: %d\n", what, code);
    std::exit(1);
}

#define PROGRAM_CHECK(call)                                                       \
    do {                                                                          \
        if (const CUresult program_code = (call); program_code != CUDA_SUCCESS) { \
            program::stop(#call, static_cast<int>(program_code));                 \
        }                                                                         \
    } while (false)

inline void require(bool holds, const char* what) {
    if (!holds) stop(what, 0);
}

/// The driver of this path; functions by the name that cuda.h gives them.
class Driver {
public:
    explicit Driver(const char* path) : library_(dlopen(path, RTLD_NOW | RTLD_LOCAL)) {
        if (library_ == nullptr) {
            std::fprintf(stderr, "%s\n", dlerror());
            std::exit(1);
        }
    }
    template <typename Function>
    [[nodiscard]] Function* function(const char* name) const {
        void* address = dlsym(library_, name);
        if (address == nullptr) stop(name, -1);
        return reinterpret_cast<Function*>(address);
    }

private:
    void* library_;
};

#define PROGRAM_TEXT_OF(name) #name
#define PROGRAM_TEXT(name) PROGRAM_TEXT_OF(name)
/// `name` becomes a pointer to the driver's function; the macro is expanded first, so that it is the one that cuda.h means.
#define PROGRAM_LOAD(driver, name) const auto p_##name = (driver).function<decltype(name)>(PROGRAM_TEXT(name))

inline std::vector<char> read_image(const char* path) {
    std::ifstream file(path, std::ios::binary);
    std::vector<char> bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    require(!bytes.empty(), "the file of kernels is empty or not there");
    return bytes;
}

}  // namespace program
